package evidence

import (
	"bytes"
	_ "embed"
	"strings"
	"text/template"

	"github.com/entragit/entragit/internal/gitstore"
)

//go:embed VERIFY.md.tmpl
var verifyText string

// verifySteps is VERIFY.md. What lies in the archive decides what there is to check.
var verifySteps = template.Must(template.New(verifyName).Funcs(template.FuncMap{"quote": shellQuote}).Parse(verifyText))

// checkedSide is one side as VERIFY.md checks it.
type checkedSide struct {
	Folder, What, Commit string
	Signed               bool // its signature is checked
	Absent               bool // there are files that only the other side has
}

// instructions renders VERIFY.md.
func (p *proof) instructions() []byte {
	data := struct {
		Tenant, Signer string
		People         []string
		Sides          []checkedSide
		Oldest, Newest string
		Commits        int
		Entries        int
	}{Tenant: p.Repo.Chain.Tenant(), Signer: p.signer, People: p.people, Commits: len(p.chain), Entries: len(p.Entries)}
	for _, s := range p.sides {
		side := checkedSide{Folder: s.folder, What: s.point.Point().String(), Signed: s.point.Numbered(), Absent: len(s.absent) > 0}
		if s.commit != (gitstore.Hash{}) {
			side.Commit = s.commit.String()
		}
		data.Sides = append(data.Sides, side)
	}
	if len(p.chain) > 0 {
		data.Oldest, data.Newest = p.chain[0].String(), p.chain[len(p.chain)-1].String()
	}
	var b bytes.Buffer
	if err := verifySteps.Execute(&b, data); err != nil {
		panic(err) // the data has what the template asks for, as a test shows
	}
	return b.Bytes()
}

// shellQuote makes one word of a POSIX shell's.
func shellQuote(word string) string { return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'" }
