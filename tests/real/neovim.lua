-- A real Neovim as the editor of a test: files are opened, changed at one place and written; what came back is told as JSON.
local reloads = {}
vim.lsp.handlers['reloadLsp/didReload'] = function(_, batch) table.insert(reloads, batch) end

local function client() return vim.lsp.get_clients({ name = 'reload_lsp' })[1] end

local function place(text, at)
  local before = text:sub(1, at - 1)
  local _, row = before:gsub('\n', '')
  return row, #before:match('[^\n]*$')
end

function Attached(path, patience)
  vim.cmd.edit(path)
  local function seen() return client() and (vim.g.reload_lsp or ''):find('^%d+ process') ~= nil end
  return vim.wait(patience, seen, 10) and vim.g.reload_lsp or 'nothing attached: ' .. (vim.g.reload_lsp or '')
end

-- Changes one place of a file and writes it: the batches that the server then reports, as JSON.
function Save(asked)
  local given = vim.json.decode(asked)
  vim.cmd.edit(given.path)
  if vim.endswith(given.old, '\n') and vim.endswith(given.new, '\n') then -- a place that ends with the file has no next line
    given.old, given.new = given.old:sub(1, -2), given.new:sub(1, -2)
  end
  local text = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n') .. '\n'
  local first, last = text:find(given.old, 1, true)
  if not first or text:find(given.old, last + 1, true) then return 'not exactly once: ' .. given.old end
  local row, col = place(text, first)
  local end_row, end_col = place(text, last + 1)
  vim.api.nvim_buf_set_text(0, row, col, end_row, end_col, vim.split(given.new, '\n', { plain = true }))
  local before = #reloads
  vim.cmd('silent write')
  vim.wait(given.patience, function() return #reloads > before end, 5)
  return vim.json.encode(vim.list_slice(reloads, before + 1))
end

-- Every diagnostic that Neovim shows now: file and code.
function Shown()
  local found = {}
  for _, d in ipairs(vim.diagnostic.get(nil, { severity = { min = vim.diagnostic.severity.WARN } })) do
    table.insert(found, { vim.api.nvim_buf_get_name(d.bufnr), tostring(d.code) })
  end
  return vim.json.encode(#found > 0 and found or vim.empty_dict())
end
