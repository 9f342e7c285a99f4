// Package report turns what entragit found, plans and did into something to read:
// text for a terminal or a log, Markdown for a pull request, HTML for a browser, JSON for a program.
//
// A report is built once, as a [Document] of sections, items and lines whose spans
// say what they mean and whether their words are ours or the tenant's. Renderers
// then only decide what that looks like, so that every form says the same, and so
// that hostile values are made safe in one place per form: [ui.Safe] in text, a code
// span in Markdown, an escape in JSON.
//
// It owns words, order inside an object, and shortening. It must not compare,
// decide, read or write anything but the writer it is handed, and it knows kinds
// through their table alone.
package report
