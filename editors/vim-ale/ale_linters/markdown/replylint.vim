call ale#replylint#Define('markdown')
