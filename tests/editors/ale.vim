" Vim with ALE: vim -N -u ale.vim -i NONE --not-a-term -T dumb
" REPLYLINT names the program, DRAFT a copy of ascii.txt, PLUGIN the folder editors/vim-ale.

set nocompatible nomore noswapfile
let &runtimepath = $PLUGIN . ',/usr/share/vim-ale,' . &runtimepath
let g:ale_linters = {'text': ['replylint']}
let g:ale_linters_explicit = 1
let g:ale_replylint_executable = $REPLYLINT
let g:ale_lint_delay = 0
filetype plugin on
runtime plugin/ale.vim

function! Fail(what) abort
    call writefile([a:what], $REPORT)
    cquit!
endfunction

function! Finding() abort
    for l:item in ale#engine#GetLoclist(bufnr(''))
        if get(l:item, 'code', '') is# 'ambiguous-estimate:range'
            return l:item
        endif
    endfor

    return {}
endfunction

function! Wait(what, condition) abort
    for l:round in range(1500)
        if a:condition()
            return
        endif
        sleep 10m
    endfor
    call Fail('waited in vain for ' . a:what)
endfunction

function! AtWords() abort
    let l:finding = Finding()
    let l:column = stridx(getline(3), '4 to 8 weeks') + 1

    return !empty(l:finding) && l:finding.lnum == 3 && l:finding.col == l:column
    \   && l:finding.end_lnum == 3 && l:finding.end_col == l:column + 11
endfunction

function! Test() abort
    execute 'edit' fnameescape($DRAFT)
    setfiletype text
    call ale#Queue(0)
    call Wait('the finding at its words', function('AtWords'))

    call setline(3, 'Yes, ' . getline(3))
    call ale#Queue(0)
    call Wait('the finding to move', function('AtWords'))

    " The quick fix: ALE asks with a numbered list.
    runtime autoload/ale/util.vim
    function! ale#util#Input(message, value, ...) abort
        return matchstr(a:message, '\v\d+\ze\) [^\n]*by \[date\]')
    endfunction
    call cursor(3, Finding().col)
    let l:expected = substitute(getline(3), 'in 4 to 8 weeks', 'by [date]', '')
    ALECodeAction
    call Wait('the fix', {-> getline(3) is# l:expected})
    call writefile(['fine: ' . getline(3)], $REPORT)
endfunction

function! Run() abort
    try
        call Test()
    catch
        call Fail(v:exception . ' at ' . v:throwpoint)
    endtry
    qall!
endfunction

autocmd VimEnter * call Run()
