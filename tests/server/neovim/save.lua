-- Drives a real Neovim: `:w` reloads, a diagnostic stands on its line, a code action is offered and does its work.
local report = assert(io.open(vim.env.RELOAD_LSP_REPORT, 'w'))
local function out(...) report:write(table.concat(vim.tbl_map(tostring, { ... }), ' ') .. '\n'):flush() end

local function wait(what, holds)
  if not vim.wait(30000, holds, 10) then
    out('TIMEOUT', what, vim.inspect(vim.diagnostic.get(0)), vim.g.reload_lsp)
    vim.cmd('cquit 1')
  end
  out('ok', what)
end

local function client() return vim.lsp.get_clients({ bufnr = 0, name = 'reload_lsp' })[1] end

local reloads = {}
vim.lsp.handlers['reloadLsp/didReload'] = function(_, batch) table.insert(reloads, batch) end

local function outcome(n) return reloads[n] and reloads[n].processes[1].outcome end

local ok, err = xpcall(function()
  vim.cmd.edit('app.py')
  wait('attached', function() return client() and client().initialized end)
  wait('process', function() return vim.g.reload_lsp == '1 process attached' end)
  out('encoding', client().offset_encoding)

  vim.api.nvim_buf_set_lines(0, 0, 1, false, { 'def answer(): return 42' })
  vim.cmd.write()
  wait('applied', function() return outcome(1) == 'applied' end)

  local function shown() return vim.diagnostic.get(0)[1] end
  local function underlined(found)
    local line = vim.api.nvim_buf_get_lines(0, found.lnum, found.lnum + 1, false)[1]
    out('underlined', line:sub(found.col + 1, found.end_col))
  end

  vim.api.nvim_buf_set_lines(0, 1, 1, false, { "x = 'é😀' unsafe" })
  vim.cmd.write()
  wait('refused', function() return #vim.diagnostic.get(0) == 1 end)
  underlined(shown())
  vim.api.nvim_buf_set_lines(0, 1, 2, false, {})

  local last = vim.api.nvim_buf_line_count(0)
  vim.api.nvim_buf_set_lines(0, 1, 1, false, { "é = '😀'; wrong = missing" })
  vim.cmd.write()
  wait('rolled back', function() return outcome(3) == 'rolled-back' end)
  wait('diagnostic', function() return shown() and shown().message:find('NameError') end)
  out('diagnostic', shown().code, shown().lnum, shown().message)

  vim.api.nvim_win_set_cursor(0, { shown().lnum + 1, 0 })
  local params = vim.lsp.util.make_range_params(0, client().offset_encoding)
  params.context = { diagnostics = {}, triggerKind = 1 }
  local answer = client():request_sync('textDocument/codeAction', params, 5000, 0)
  for _, action in ipairs(answer.result) do out('action', action.title) end

  vim.api.nvim_buf_set_lines(0, 1, 2, false, {})
  vim.cmd.write()
  wait('clean', function() return #vim.diagnostic.get(0) == 0 end)
  assert(vim.api.nvim_buf_line_count(0) == last)
end, debug.traceback)
if not ok then
  out(err)
  vim.cmd('cquit 1')
end
vim.cmd('qa!')
