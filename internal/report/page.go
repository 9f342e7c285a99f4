package report

import (
	"bufio"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"

	"github.com/entragit/entragit/internal/entra"
)

// Page is a comparison as one HTML file: it opens from disk, can be mailed, and loads nothing.
type Page struct {
	Set *entra.ChangeSet
	// Tenant is the tenant's id.
	Tenant string
	// Snapshots are the snapshots after the first point, up to the second, oldest first.
	Snapshots []PageSnapshot
}

// PageSnapshot is a snapshot between the points of a [Page], and what its own backup found.
type PageSnapshot struct {
	entra.Point
	// Changes is how many objects were added, changed or removed.
	Changes int
	// Worst is the worst that they can do; empty where that is nothing, or was not judged.
	Worst entra.Severity
}

// The page's parts. The style and the script stand in the page as they are here; the policy
// names their hashes, so that nothing else in the file has a style or runs.
var (
	//go:embed page/page.gohtml
	pageTemplate string
	//go:embed page/style.css
	pageStyle string
	//go:embed page/script.js
	pageScript string
)

// HTML writes the page. The same comparison gives the same bytes. Whatever came from the
// tenant is made [ui.Safe] before the template escapes it.
func (p Page) HTML(w io.Writer, opts Options) error { return writeView(w, newPageView(p, opts)) }

func writeView(w io.Writer, view any) error {
	out := bufio.NewWriterSize(w, 1<<16)
	form, err := template.New("page").Parse(pageTemplate)
	if err == nil {
		err = form.Execute(out, view)
	}
	if err == nil {
		err = out.Flush()
	}
	if err != nil {
		return fmt.Errorf("write HTML: %w", err)
	}
	return nil
}

// pagePolicy is the page's Content Security Policy (W3C, "Content Security Policy Level 3"): nothing is
// loaded from anywhere, nothing is sent anywhere, and of styles and scripts only those with
// these hashes count.
func pagePolicy() string {
	return "default-src 'none'; style-src " + hashOf(pageStyle) + "; script-src " + hashOf(pageScript) +
		"; base-uri 'none'; form-action 'none'"
}

func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}
