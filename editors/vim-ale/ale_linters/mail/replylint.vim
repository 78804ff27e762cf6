call ale#replylint#Define('mail')
