package evidence

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/entragit/entragit/internal/gitstore"
)

// The files that everything else is checked with.
const (
	sumsName      = "SHA256SUMS"
	signatureName = "SHA256SUMS.sig"
	verifyName    = "VERIFY.md"
)

// archive is a ZIP file in the making, with the sum of each of its files.
type archive struct {
	zip  *zip.Writer
	when time.Time
	sums []string // lines of sha256sum
}

func newArchive(w io.Writer, when time.Time) *archive {
	return &archive{zip: zip.NewWriter(w), when: when.UTC()}
}

// create begins a file. All files have one time: that they were packed is no fact about them.
func (a *archive) create(name string) (io.Writer, error) {
	return a.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: a.when})
}

// file adds a file and its sum.
func (a *archive) file(name string, write func(io.Writer) error) error {
	w, err := a.create(name)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	sum := sha256.New()
	if err := write(io.MultiWriter(w, sum)); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	a.sums = append(a.sums, fmt.Sprintf("%x  %s\n", sum.Sum(nil), name))
	return nil
}

// bytes adds a file that is in memory.
func (a *archive) bytes(name string, data []byte) error {
	return a.file(name, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// seal adds how to check the archive, the sums and their signature, and ends the file.
func (a *archive) seal(signer gitstore.Signer, p *proof) error {
	if err := a.bytes(verifyName, p.instructions()); err != nil {
		return err
	}
	slices.SortFunc(a.sums, func(x, y string) int { return strings.Compare(x[sha256.Size*2:], y[sha256.Size*2:]) })
	sums := []byte(strings.Join(a.sums, ""))
	signature, err := signer.Sign(bytes.NewReader(sums))
	if err != nil {
		return fmt.Errorf("sign %s: %w", sumsName, err)
	}
	for _, f := range []struct {
		name string
		data []byte
	}{{sumsName, sums}, {signatureName, signature}} {
		w, err := a.create(f.name)
		if err == nil {
			_, err = w.Write(f.data)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
	}
	return a.zip.Close()
}
