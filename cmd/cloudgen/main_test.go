package main

import (
	"bytes"
	"os"
	"testing"

	"github.com/entragit/entragit/internal/kind/csdl"
)

func TestCloudsAreCurrent(t *testing.T) {
	m, err := csdl.Read("../../internal/emulator/metadata.json")
	if err != nil {
		t.Fatal(err)
	}
	want, err := generate(m)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../../internal/kind/clouds_data.go")
	if err != nil || !bytes.Equal(got, want) {
		t.Error("internal/kind/clouds_data.go is stale: run make generate")
	}
	if again, _ := generate(m); !bytes.Equal(again, want) {
		t.Error("two runs gave different bytes")
	}
}
