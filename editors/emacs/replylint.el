;;; replylint.el --- Check replies to customers while writing them  -*- lexical-binding: t; -*-

;; Package-Requires: ((emacs "28.1"))

;;; Commentary:
;; Registers the language server with eglot, and with lsp-mode where that is used, and gives commands
;; that tell it about a buffer.  See README.md.

;;; Code:

(defgroup replylint nil
  "Check replies to customers."
  :group 'tools)

(defcustom replylint-program "replylint"
  "The program."
  :type 'string)

(defvar eglot-server-programs)
(declare-function eglot-current-server "eglot")
(declare-function eglot--TextDocumentIdentifier "eglot")
(declare-function jsonrpc-request "jsonrpc")
(declare-function lsp-register-client "lsp-mode")
(declare-function make-lsp-client "lsp-mode")
(declare-function lsp-stdio-connection "lsp-mode")
(declare-function lsp-activate-on "lsp-mode")
(declare-function lsp-workspace-command-execute "lsp-mode")

(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs
               (cons '(text-mode markdown-mode message-mode mail-mode)
                     (lambda (&rest _) (list replylint-program "lsp")))))

(with-eval-after-load 'lsp-mode
  (lsp-register-client
   (make-lsp-client :new-connection (lsp-stdio-connection (lambda () (list replylint-program "lsp")))
                    :major-modes '(text-mode markdown-mode message-mode mail-mode)
                    :add-on? t
                    :server-id 'replylint)))

(defun replylint--run (command argument)
  "Run COMMAND of the server with ARGUMENT, a plist without the document."
  (cond
   ((and (fboundp 'eglot-current-server) (eglot-current-server))
    (let ((uri (plist-get (eglot--TextDocumentIdentifier) :uri)))
      (jsonrpc-request (eglot-current-server) :workspace/executeCommand
                       (list :command command :arguments (vector (append (list :uri uri) argument))))))
   ((fboundp 'lsp-workspace-command-execute)
    (lsp-workspace-command-execute
     command (vector (append (list :uri (concat "file://" buffer-file-name)) argument))))
   (t (user-error "The replylint server does not run in this buffer: M-x eglot starts it"))))

;;;###autoload
(defun replylint-set-customer-message (text)
  "Tell the server that the draft answers TEXT: the region, or the last kill."
  (interactive (list (if (use-region-p)
                         (buffer-substring-no-properties (region-beginning) (region-end))
                       (substring-no-properties (current-kill 0)))))
  (replylint--run "replylint.setThread" (list :customer text)))

;;;###autoload
(defun replylint-set-language (code)
  "Tell the server that the draft is written in the language CODE."
  (interactive "sLanguage (ISO 639-1; empty: find out): ")
  (replylint--run "replylint.setLanguage" (list :language (unless (string-empty-p code) code))))

;;;###autoload
(defun replylint-set-channel (channel)
  "Tell the server where the reply is sent: CHANNEL."
  (interactive (list (completing-read "Channel: " '("email" "chat" "social" "review") nil t)))
  (replylint--run "replylint.setChannel" (list :channel (unless (string-empty-p channel) channel))))

(provide 'replylint)
;;; replylint.el ends here
