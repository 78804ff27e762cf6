# Tells kakoune-lsp about replylint; to be sourced after kakoune-lsp itself.

hook -group replylint global BufCreate .*\.txt %{ set-option buffer filetype text }

# Added to the servers that there are, for Markdown as an example.
hook -group replylint global BufSetOption filetype=(?:text|markdown|mail|git-commit) %{
    set-option -add buffer lsp_servers %{
        [replylint]
        args = ["lsp"]
        root_globs = ["replylint.toml", ".git", ".hg"]
        settings_section = "replylint"
        # [replylint.settings.replylint]
        # strict = true
    }
}
