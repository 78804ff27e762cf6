;;; emacs.el --- eglot in batch  -*- lexical-binding: t; -*-

;; emacs -Q --batch -l emacs.el, with REPLYLINT, DRAFT and PLUGIN (editors/emacs) in the environment.

(require 'package)
(add-to-list 'package-directory-list "/usr/share/emacs/site-lisp/elpa")
(package-initialize)
(require 'eglot)
(require 'cl-lib)
(load (expand-file-name "replylint.el" (getenv "PLUGIN")))

(defun wait-for (what condition)
  (let ((limit (+ (float-time) 15)))
    (while (not (funcall condition))
      (when (> (float-time) limit) (error "Waited in vain for %s" what))
      (accept-process-output nil 0.02))))

(defun finding ()
  (cl-find-if (lambda (it) (string-match-p "4 to 8 weeks" (flymake-diagnostic-text it)))
              (flymake-diagnostics)))

(defun at-words ()
  (let ((it (finding)))
    (and it (equal "4 to 8 weeks" (buffer-substring-no-properties
                                   (flymake-diagnostic-beg it) (flymake-diagnostic-end it))))))

(let ((replylint-program (getenv "REPLYLINT"))
      (eglot-autoshutdown nil)
      (eglot-sync-connect 15)
      (last-nonmenu-event 13)
      exit-code)
  (find-file (getenv "DRAFT"))
  (unless (derived-mode-p 'text-mode) (error "This is not text-mode"))
  (apply #'eglot (eglot--guess-contact))
  (flymake-mode 1)
  (flymake-start)
  (wait-for "the finding at its words" #'at-words)

  ;; Edits before the words move the finding with them.
  (goto-char (point-min))
  (forward-line 2)
  (insert "🇷🇴 é ")
  (eglot--signal-textDocument/didChange)
  (wait-for "the finding to move"
            (lambda () (flymake-start) (accept-process-output nil 0.02) (at-words)))

  ;; The quick fix.
  (let* ((it (finding)) (beg (flymake-diagnostic-beg it)) (end (flymake-diagnostic-end it)))
    (goto-char beg)
    (cl-letf (((symbol-function 'completing-read)
               (lambda (_ choices &rest _)
                 (let ((titles (mapcar (lambda (it) (if (consp it) (car it) it)) choices)))
                   (or (cl-find-if (lambda (it) (string-match-p "by \\[date\\]" it)) titles)
                       (error "No such fix among %S" titles))))))
      (eglot-code-actions beg end nil t)))
  (goto-char (point-min))
  (forward-line 2)
  (let ((line (buffer-substring-no-properties (point) (line-end-position))))
    (unless (string= line "🇷🇴 é 👩‍💻 سلام می‌بینم: your seat will reach you by [date].")
      (error "The text is wrong: %S" line)))

  (let* ((server (eglot-current-server)) (process (jsonrpc--process server)))
    (eglot-shutdown server nil 5)
    (wait-for "the server to end" (lambda () (not (process-live-p process))))
    (setq exit-code (process-exit-status process))
    ;; eglot ends the process itself right after `shutdown` was answered, so only its own signal is no fault.
    (unless (memq exit-code '(0 9 15)) (error "The server ended with %s" exit-code)))
  (set-buffer-modified-p nil)
  (message "emacs: fine"))
;;; emacs.el ends here
