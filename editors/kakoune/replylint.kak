# Tells kakoune-lsp about replylint; to be sourced after kakoune-lsp itself.

define-command -hidden replylint-add %{
    set-option -add buffer lsp_servers %{
        [replylint]
        args = ["lsp"]
        root_globs = ["replylint.toml", ".git", ".hg"]
        settings_section = "replylint"
        # [replylint.settings.replylint]
        # strict = true
    }
}

hook -group replylint global BufCreate .*\.txt %{ set-option buffer filetype text }

# Added once to the servers that there are: a buffer's kind may be set again.
hook -group replylint global BufSetOption filetype=(?:text|markdown|mail|git-commit) %{
    evaluate-commands %sh{
        case "$kak_opt_lsp_servers" in
            *'[replylint]'*) ;;
            *) printf 'replylint-add\n' ;;
        esac
    }
}
