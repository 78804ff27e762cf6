-- Neovim, headless: nvim --headless -u NONE -i NONE -c 'luafile neovim.lua'
-- REPLYLINT names the program, DRAFT a copy of draft.txt, PLUGIN the folder editors/neovim.

local WORDS = '4 to 8 weeks'

local function wait(what, condition)
  if not vim.wait(15000, condition, 10) then
    error('waited in vain for ' .. what)
  end
end

local function same(what, found, expected)
  if found ~= expected then
    error(('%s: found %s, expected %s'):format(what, vim.inspect(found), vim.inspect(expected)))
  end
end

local function finding()
  for _, it in ipairs(vim.diagnostic.get(0)) do
    if it.code == 'ambiguous-estimate:range' or (it.user_data and it.user_data.lsp and it.user_data.lsp.code == 'ambiguous-estimate:range') then
      return it
    end
  end
end

local function at_words()
  local it = finding()
  local line = vim.api.nvim_buf_get_lines(0, 2, 3, false)[1]
  local from, to = line:find(WORDS, 1, true)
  return it and from and it.lnum == 2 and it.col == from - 1 and it.end_lnum == 2 and it.end_col == to
end

local function test()
  local code
  vim.opt.runtimepath:append(vim.env.PLUGIN)
  vim.cmd('filetype plugin on')
  require('replylint').setup({
    cmd = { vim.env.REPLYLINT, 'lsp' },
    on_exit = function(status) code = status end,
  })
  vim.cmd('edit ' .. vim.fn.fnameescape(vim.env.DRAFT))
  same('filetype', vim.bo.filetype, 'text')
  wait('the finding at its words', at_words)

  -- Edits before the words move the finding with them.
  vim.api.nvim_buf_set_text(0, 2, 0, 2, 0, { '🇷🇴 e\u{301} ' })
  wait('the finding to move', at_words)

  -- The quick fix.
  vim.ui.select = function(items, _, choose)
    for at, item in ipairs(items) do
      local action = item.action or item[2]
      if action.title:find('by [date]', 1, true) then
        return choose(item, at)
      end
    end
    error('no such fix among ' .. vim.inspect(items))
  end
  local before = vim.api.nvim_buf_get_lines(0, 2, 3, false)[1]
  local from, to = before:find(WORDS, 1, true)
  vim.api.nvim_win_set_cursor(0, { 3, finding().col })
  vim.lsp.buf.code_action()
  local expected = before:sub(1, from - 1 - #'in ') .. 'by [date]' .. before:sub(to + 1)
  wait('the fix', function() return vim.api.nvim_buf_get_lines(0, 2, 3, false)[1] == expected end)
  wait('the finding to go', function() return not finding() end)

  vim.lsp.stop_client(vim.lsp.get_active_clients())
  wait('the server to end', function() return code ~= nil end)
  same('exit code', code, 0)
end

local ok, message = pcall(test)
if not ok then
  io.stderr:write(message .. '\n')
  vim.cmd('cquit 1')
end
vim.cmd('qall!')
