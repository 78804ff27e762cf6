call ale#replylint#Define('text')
