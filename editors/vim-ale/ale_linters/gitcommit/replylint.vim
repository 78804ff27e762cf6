call ale#replylint#Define('gitcommit')
