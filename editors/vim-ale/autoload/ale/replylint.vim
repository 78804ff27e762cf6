" What is the same for all kinds of text.

call ale#Set('replylint_executable', 'replylint')
call ale#Set('replylint_settings', {})

function! ale#replylint#Root(buffer) abort
    let l:config = ale#path#FindNearestFile(a:buffer, 'replylint.toml')

    return !empty(l:config) ? fnamemodify(l:config, ':h') : expand('#' . a:buffer . ':p:h')
endfunction

function! ale#replylint#Define(filetype) abort
    call ale#linter#Define(a:filetype, {
    \   'name': 'replylint',
    \   'lsp': 'stdio',
    \   'executable': {buffer -> ale#Var(buffer, 'replylint_executable')},
    \   'command': '%e lsp',
    \   'project_root': function('ale#replylint#Root'),
    \   'initialization_options': {buffer -> {'settings': ale#Var(buffer, 'replylint_settings')}},
    \})
endfunction
