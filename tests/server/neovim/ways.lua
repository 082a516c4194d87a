-- Drives a real Neovim: what an edit cannot reach is said before and after `:w`, and the ways out are taken as code actions.
local report = assert(io.open(vim.env.RELOAD_LSP_REPORT, 'w'))
local function out(...) report:write(table.concat(vim.tbl_map(tostring, { ... }), ' ') .. '\n'):flush() end

local function codes()
  local found = vim.tbl_map(function(d) return d.code end, vim.diagnostic.get(0))
  table.sort(found)
  return table.concat(found, ' ')
end

local function wait(what, holds)
  if not vim.wait(30000, holds, 10) then
    out('TIMEOUT', what, codes(), vim.inspect(vim.diagnostic.get(0)), vim.g.reload_lsp)
    vim.cmd('cquit 1')
  end
  out('ok', what)
end

local function client() return vim.lsp.get_clients({ bufnr = 0, name = 'reload_lsp' })[1] end
local function ask(method, params) return client():request_sync(method, params, 10000, 0).result end
local function run(command, ...) return ask('workspace/executeCommand', { command = command, arguments = { ... } }) end
local function substitute(pattern) vim.cmd('%s/' .. pattern .. '/e') end

local reloads = 0
vim.lsp.handlers['reloadLsp/didReload'] = function() reloads = reloads + 1 end

local function press(line, title)
  vim.api.nvim_win_set_cursor(0, { line, 0 })
  local done = reloads
  vim.lsp.buf.code_action({ apply = true, filter = function(action) return action.title == title end })
  return done
end

local ok, err = xpcall(function()
  vim.cmd.edit('jobs.py')
  wait('process', function() return vim.g.reload_lsp == '1 process attached' end)

  substitute([[0\.001/0.002]])
  substitute([[yield 2/yield 3]])
  substitute([[return 5/return 6]])
  wait('foreseen', function() return codes() == 'RLD402 RLD403 RLD601' end)
  for _, d in ipairs(vim.diagnostic.get(0)) do out('before', d.code, d.severity, d.message) end
  vim.cmd.write()
  wait('said', function() return reloads == 1 and codes() == 'RLD402 RLD403 RLD601' end)
  for _, d in ipairs(vim.diagnostic.get(0)) do out('after', d.code, d.severity, d.message) end
  assert(io.open('stop', 'w')):close()
  wait('over', function() return codes() == 'RLD601' end)
  run('reloadLsp.undo')
  wait('undone', function() return codes() == '' end)

  vim.cmd.edit({ 'config.py', bang = true })
  substitute([[LIMIT = 1/LIMIT = 5]])
  vim.cmd.write()
  vim.cmd.edit('lazy.py')
  wait('stale', function() return codes() == 'RLD201' end)
  press(6, 'Read config.LIMIT instead of a copy of it')
  wait('turned', function() return vim.api.nvim_buf_get_lines(0, 0, -1, false)[1] == 'import config' end)
  vim.cmd.write()
  wait('fresh', function() return codes() == '' end)
  out('line', vim.api.nvim_buf_get_lines(0, -2, -1, false)[1])
  out('history', #run('reloadLsp.history').batches)
  out('paused', run('reloadLsp.pause').paused, run('reloadLsp.resume').paused)
  out('graph', run('reloadLsp.showGraph', { show = false }).mermaid ~= nil)
end, debug.traceback)
if not ok then
  out(err)
  vim.cmd('cquit 1')
end
vim.cmd('qa!')
