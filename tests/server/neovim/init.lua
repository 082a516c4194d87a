-- The ten lines of docs/editors.md, with the command taken from the test.
vim.lsp.config('reload_lsp', {
  cmd = vim.json.decode(vim.env.RELOAD_LSP_COMMAND),
  filetypes = { 'python' },
  root_markers = { 'pyproject.toml', '.git' },
  handlers = {
    ['reloadLsp/status'] = function(_, status) vim.g.reload_lsp = status.message; vim.cmd.redrawstatus() end,
  },
})
vim.lsp.enable('reload_lsp')
vim.lsp.codelens.enable(true)
vim.diagnostic.config({ virtual_text = true })
vim.o.statusline = "%f %{get(g:,'reload_lsp','')}"
vim.o.laststatus = 2
vim.o.swapfile = false
