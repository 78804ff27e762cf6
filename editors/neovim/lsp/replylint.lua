-- For Neovim 0.11 and newer: `vim.lsp.enable('replylint')` starts the server for these files.
return {
  cmd = { 'replylint', 'lsp' },
  filetypes = { 'text', 'markdown', 'mail', 'gitcommit' },
  root_markers = { 'replylint.toml', '.git' },
}
