-- Drives a real Neovim: an edit that is not written yet has its verdict on the line, in the lens, as a page and in a hover.
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
local function ask(method, params) return client():request_sync(method, params, 5000, 0).result end
local function lens()
  local found = ask('textDocument/codeLens', { textDocument = vim.lsp.util.make_text_document_params(0) })
  return found and found[1] and found[1].command.title or ''
end

local ok, err = xpcall(function()
  vim.cmd.edit('app.py')
  wait('process', function() return vim.g.reload_lsp == '1 process attached' end)
  vim.api.nvim_buf_set_lines(0, 0, 1, false, { 'é = "😀"; N = 2' })
  wait('verdict', function() return #vim.diagnostic.get(0) == 1 end)
  local shown = vim.diagnostic.get(0)[1]
  out('diagnostic', shown.code, shown.lnum, shown.severity, shown.message)
  wait('lens', function() return lens():find('^on save: ') end)
  out('lens', lens())

  local page = ask('workspace/executeCommand', { command = 'reloadLsp.showPlan', arguments = { { show = false } } })
  out('plan', (page.markdown:gsub('\n', ' / ')))

  vim.api.nvim_win_set_cursor(0, { 3, 0 })
  local hover = ask('textDocument/hover', vim.lsp.util.make_position_params(0, client().offset_encoding))
  out('hover', (hover.contents.value:gsub('\n', ' / ')))

  vim.cmd.undo()
  wait('undone', function() return #vim.diagnostic.get(0) == 0 and lens() == '' end)
end, debug.traceback)
if not ok then
  out(err)
  vim.cmd('cquit 1')
end
vim.cmd('qa!')
