// The editor of a cell: CodeMirror with Python, and the page's own colours.
import { EditorState, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, keymap, lineNumbers } from "@codemirror/view";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { tags } from "@lezer/highlight";
import { python } from "@codemirror/lang-python";

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.controlKeyword, tags.definitionKeyword, tags.moduleKeyword], color: "var(--code-word)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--code-text)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--code-number)" },
  { tag: tags.comment, color: "var(--muted)", fontStyle: "italic" },
]);
const look = EditorView.theme({
  "&": { color: "var(--ink)", backgroundColor: "var(--ground)", border: "1px solid var(--accent)", borderRadius: ".25rem", fontSize: "inherit" },
  ".cm-content": { fontFamily: "var(--mono)", caretColor: "var(--ink)" },
  ".cm-gutters": { color: "var(--muted)", backgroundColor: "var(--soft)", border: "0" },
  ".cm-scroller": { overflow: "auto", lineHeight: "1.5" },
  ".cm-wrong": { backgroundColor: "var(--target)", boxShadow: "inset 4px 0 var(--contested)" },
  "&.cm-focused": { outline: "2px solid var(--accent)" },
});

// Where a browser can, the text is edited as plain text: else it carries styles along, which the page's policy refuses.
const plain = (() => {
  try { document.createElement("div").contentEditable = "plaintext-only"; return "plaintext-only"; } catch { return "true"; }
})();

// The line that an error came from, until something is typed.
const mark = StateEffect.define();
const marked = StateField.define({
  create: () => Decoration.none,
  update(lines, { docChanged, effects, state }) {
    for (const { value: line } of effects.filter((effect) => effect.is(mark)))
      return line > 0 && line <= state.doc.lines ? Decoration.set(Decoration.line({ class: "cm-wrong" }).range(state.doc.line(line).from)) : Decoration.none;
    return docChanged ? Decoration.none : lines;
  },
  provide: (field) => EditorView.decorations.from(field),
});

// root: the shadow root to live in (its style sheets are constructed, which the page's policy allows).
export function editor(root, doc, label, { run, changed }) {
  const view = new EditorView({
    parent: root, root,
    state: EditorState.create({ doc, extensions: [
      keymap.of([{ key: "Shift-Enter", run: () => { run(); return true; } }, indentWithTab, ...historyKeymap, ...defaultKeymap]),
      lineNumbers(), history(), python(), indentUnit.of("    "), indentOnInput(), bracketMatching(), syntaxHighlighting(colours), look, EditorView.lineWrapping, marked,
      EditorView.contentAttributes.of({ "aria-label": label, contenteditable: plain }),
      EditorView.updateListener.of((update) => { if (update.docChanged) changed(update.state.doc.toString()); }),
    ] }),
  });
  return Object.assign(view, { mark(line) { view.dispatch({ effects: mark.of(line) }); } });
}
