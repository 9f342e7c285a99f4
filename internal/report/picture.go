package report

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"strings"
)

// picture says of a text that is a picture in base64 what it is, so that two can be told
// apart.
func picture(text string) (string, bool) {
	const enough = 64 // to tell a type, and no picture is smaller
	if len(text) < enough || len(text)%4 != 0 {
		return "", false
	}
	head, err := base64.StdEncoding.DecodeString(text[:enough])
	kind, isImage := strings.CutPrefix(http.DetectContentType(head), "image/")
	if err != nil || !isImage {
		return "", false
	}
	content, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return "", false
	}
	sum := sha256.Sum256(content)
	return "a picture (" + kind + ", " + count(len(content), "byte") + ", sha256 " + hex.EncodeToString(sum[:6]) + ")", true
}
