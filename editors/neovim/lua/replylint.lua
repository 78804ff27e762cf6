-- Starts the server in Neovim 0.7 and newer, and gives commands that tell it about a buffer.

local M = {}

local defaults = {
  cmd = { 'replylint', 'lsp' },
  filetypes = { 'text', 'markdown', 'mail', 'gitcommit' },
  settings = {},
}

local function config(options)
  return {
    name = 'replylint',
    cmd = options.cmd,
    on_exit = options.on_exit,
    init_options = { settings = options.settings },
    settings = { replylint = options.settings },
  }
end

local function root(buffer)
  local file = vim.api.nvim_buf_get_name(buffer)
  local folder = file ~= '' and vim.fn.fnamemodify(file, ':p:h') or vim.loop.cwd()
  local marker = vim.fn.findfile('replylint.toml', folder .. ';')
  return marker ~= '' and vim.fn.fnamemodify(marker, ':p:h') or folder
end

-- Before 0.8 a client is started and attached by hand, one for each folder.
local started = {}

local function attach(buffer, options)
  local wanted = config(options)
  wanted.root_dir = root(buffer)
  if vim.lsp.start then
    vim.lsp.start(wanted, { bufnr = buffer })
    return
  end
  local id = started[wanted.root_dir]
  if not id or not vim.lsp.get_client_by_id(id) then
    id = vim.lsp.start_client(wanted)
    started[wanted.root_dir] = id
  end
  if id then
    vim.lsp.buf_attach_client(buffer, id)
  end
end

local function client_of(buffer)
  local get = vim.lsp.get_clients or vim.lsp.buf_get_clients
  local clients = vim.lsp.get_clients and get({ bufnr = buffer }) or get(buffer)
  for _, client in pairs(clients) do
    if client.name == 'replylint' then
      return client
    end
  end
end

local function run(command, argument)
  local buffer = vim.api.nvim_get_current_buf()
  local client = client_of(buffer)
  if not client then
    vim.notify('replylint does not run in this buffer', vim.log.levels.WARN)
    return
  end
  argument.uri = vim.uri_from_bufnr(buffer)
  local params = { command = command, arguments = { argument } }
  local answer = function(error)
    if error then
      vim.notify('replylint: ' .. error.message, vim.log.levels.ERROR)
    end
  end
  if vim.fn.has('nvim-0.11') == 1 then
    client:request('workspace/executeCommand', params, answer, buffer)
  else
    client.request('workspace/executeCommand', params, answer, buffer)
  end
end

function M.set_customer_message(text)
  run('replylint.setThread', { customer = text })
end

function M.set_language(code)
  run('replylint.setLanguage', { language = code ~= '' and code or vim.NIL })
end

function M.set_channel(channel)
  run('replylint.setChannel', { channel = channel ~= '' and channel or vim.NIL })
end

local function commands()
  local add = vim.api.nvim_create_user_command
  add('ReplylintCustomer', function(given)
    local text
    if given.range > 0 then
      text = table.concat(vim.api.nvim_buf_get_lines(0, given.line1 - 1, given.line2, false), '\n')
    else
      text = vim.fn.getreg('+')
    end
    M.set_customer_message(text)
  end, { range = true, desc = 'The marked lines, or the clipboard, are the message that this draft answers' })
  add('ReplylintLanguage', function(given) M.set_language(given.args) end, { nargs = '?' })
  add('ReplylintChannel', function(given) M.set_channel(given.args) end, {
    nargs = '?',
    complete = function() return { 'email', 'chat', 'social', 'review' } end,
  })
end

function M.setup(given)
  local options = vim.tbl_deep_extend('force', defaults, given or {})
  commands()
  if vim.fn.executable(options.cmd[1]) == 0 then
    vim.notify(
      ('replylint: there is no program `%s`; install it with `cargo install --path crates/cli` or name it in `cmd`')
        :format(options.cmd[1]),
      vim.log.levels.ERROR
    )
    return
  end
  if vim.lsp.config and vim.lsp.enable then
    vim.lsp.config('replylint', vim.tbl_extend('force', config(options), { filetypes = options.filetypes }))
    vim.lsp.enable('replylint')
    return
  end
  vim.api.nvim_create_autocmd('FileType', {
    group = vim.api.nvim_create_augroup('replylint', { clear = true }),
    pattern = options.filetypes,
    callback = function(event) attach(event.buf, options) end,
  })
end

return M
