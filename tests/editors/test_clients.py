"""Strict clients with the capabilities that real editors were recorded with.

pytest-lsp refuses malformed messages. REPLYLINT names the program.
"""

import asyncio
import os
import pathlib

import pytest
from lsprotocol import types
from pytest_lsp import client_capabilities, make_test_lsp_client

DRAFT = pathlib.Path(__file__).with_name("draft.txt").read_text(encoding="utf-8")
URI = "untitled:Untitled-1"
WORDS = "4 to 8 weeks"

UNITS = {
    "utf-8": lambda text: len(text.encode()),
    "utf-16": lambda text: len(text.encode("utf-16-le")) // 2,
    "utf-32": len,
}


CLIENTS = [
    pytest.param("neovim@v0.11", None, "utf-8", id="neovim"),
    pytest.param("emacs@v29", ["utf-32"], "utf-32", id="emacs, utf-32"),
    pytest.param("visual_studio_code", None, "utf-16", id="vscode"),
]


async def start(name, offered):
    capabilities = client_capabilities(name)
    if offered:
        capabilities.general.position_encodings = offered
    client = make_test_lsp_client()
    client.set_configuration({"replylint": {}})
    client.published = {}

    # The library keeps findings without their version, so they are taken from its own handler.
    keep = client.protocol.fm.features[types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS]

    def keep_version(parameters):
        client.published[parameters.version] = parameters.diagnostics
        return keep(parameters)

    client.protocol.fm.features[types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS] = keep_version
    await client.start_io(os.environ["REPLYLINT"], "lsp")
    parameters = types.InitializeParams(capabilities=capabilities, root_uri=None, workspace_folders=None)
    result = await client.initialize_session(parameters)
    return client, result


async def findings(client, result, version):
    """What is shown of this version, pulled or pushed as was agreed on."""
    if result.capabilities.diagnostic_provider:
        parameters = types.DocumentDiagnosticParams(text_document=types.TextDocumentIdentifier(uri=URI))
        return (await client.text_document_diagnostic_async(parameters)).items
    published = client.published.pop(version, None)
    while published is None:
        await asyncio.wait_for(client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS), 10)
        published = client.published.pop(version, None)
    return published


def only(found, code):
    matching = [it for it in found if it.code == code]
    assert len(matching) == 1, found
    return matching[0]


def place(text, units):
    at = text.index(WORDS)
    line = text[:at].count("\n")
    start = units(text[text.rfind("\n", 0, at) + 1 : at])
    return types.Range(
        start=types.Position(line=line, character=start),
        end=types.Position(line=line, character=start + len(WORDS)),
    )


def apply(text, edits, units):
    """The text with edits in it, the last one first."""
    lines = text.split("\n")
    for edit in sorted(edits, key=lambda it: (it.range.start.line, it.range.start.character), reverse=True):
        assert edit.range.start.line == edit.range.end.line
        line = lines[edit.range.start.line]

        def index(column):
            return next(at for at in range(len(line) + 1) if units(line[:at]) == column)

        start, end = index(edit.range.start.character), index(edit.range.end.character)
        lines[edit.range.start.line] = line[:start] + edit.new_text + line[end:]
    return "\n".join(lines)


@pytest.mark.asyncio
@pytest.mark.parametrize("name,offered,encoding", CLIENTS)
async def test_a_draft(name, offered, encoding):
    units = UNITS[encoding]
    client, result = await start(name, offered)
    assert result.capabilities.position_encoding == encoding
    assert result.server_info.name == "replylint"

    document = types.TextDocumentItem(uri=URI, language_id="plaintext", version=1, text=DRAFT)
    client.text_document_did_open(types.DidOpenTextDocumentParams(text_document=document))
    found = only(await findings(client, result, 1), "ambiguous-estimate:range")
    assert found.range == place(DRAFT, units)
    assert found.source == "replylint"

    # An edit before the words moves the finding with them.
    text = DRAFT.replace("👩‍💻", "🇷🇴 e\u0301 👩‍💻")
    start_of_line = types.Position(line=2, character=0)
    change = types.TextDocumentContentChangePartial(
        range=types.Range(start=start_of_line, end=start_of_line), text="🇷🇴 e\u0301 "
    )
    client.text_document_did_change(
        types.DidChangeTextDocumentParams(
            text_document=types.VersionedTextDocumentIdentifier(uri=URI, version=2), content_changes=[change]
        )
    )
    found = only(await findings(client, result, 2), "ambiguous-estimate:range")
    assert found.range == place(text, units)

    # The quick fix.
    context = types.CodeActionContext(diagnostics=[found], only=[types.CodeActionKind.QuickFix])
    actions = await client.text_document_code_action_async(
        types.CodeActionParams(
            text_document=types.TextDocumentIdentifier(uri=URI), range=found.range, context=context
        )
    )
    fix = next(it for it in actions if "by [date]" in it.title)
    if fix.edit.document_changes:
        (change,) = fix.edit.document_changes
        assert change.text_document.version == 2
        edits = change.edits
    else:
        edits = fix.edit.changes[URI]
    fixed = apply(text, edits, units)
    assert fixed == text.replace(f"in {WORDS}", "by [date]")

    client.text_document_did_change(
        types.DidChangeTextDocumentParams(
            text_document=types.VersionedTextDocumentIdentifier(uri=URI, version=3),
            content_changes=[types.TextDocumentContentChangeWholeDocument(text=fixed)],
        )
    )
    assert not [it for it in await findings(client, result, 3) if it.code == "ambiguous-estimate:range"]

    hover = await client.text_document_hover_async(
        types.HoverParams(
            text_document=types.TextDocumentIdentifier(uri=URI), position=types.Position(line=9, character=0)
        )
    )
    assert hover is None

    await client.shutdown_session()
    await asyncio.wait_for(client._server.wait(), 5)
    assert client._server.returncode == 0
