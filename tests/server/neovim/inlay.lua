-- Drives a real Neovim: an edited line carries "not run yet" at its end until the program has run it.
local report = assert(io.open(vim.env.RELOAD_LSP_REPORT, 'w'))
local function out(...) report:write(table.concat(vim.tbl_map(tostring, { ... }), ' ') .. '\n'):flush() end

local function wait(what, holds)
  if not vim.wait(30000, holds, 10) then
    out('TIMEOUT', what, vim.inspect(vim.lsp.inlay_hint.get({ bufnr = 0 })), vim.g.reload_lsp)
    vim.cmd('cquit 1')
  end
  out('ok', what)
end

local function hints()
  local function told(hint) return hint.inlay_hint.position.line .. ': ' .. hint.inlay_hint.label end
  return table.concat(vim.tbl_map(told, vim.lsp.inlay_hint.get({ bufnr = 0 })), ', ')
end

local ok, err = xpcall(function()
  vim.lsp.inlay_hint.enable(true)
  vim.cmd.edit('lib.py')
  wait('process', function() return vim.g.reload_lsp == '1 process attached' end)
  vim.cmd('%s/return 2/return 20/')
  vim.cmd.write()
  wait('marked', function() return hints() == '3: not run yet' end)
  assert(io.open('go', 'w')):close()
  wait('cleared', function() return hints() == '' end)
end, debug.traceback)
if not ok then
  out(err)
  vim.cmd('cquit 1')
end
vim.cmd('qa!')
