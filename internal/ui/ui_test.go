package ui

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func TestSafe(t *testing.T) {
	for _, test := range []struct{ name, in, want string }{
		{"plain", `CONTOSO\ada – Zoë 李 ❤️`, `CONTOSO\ada – Zoë 李 ❤️`},
		{"colour", "a\x1b[31mred", `a\x1b[31mred`},
		{"hyperlink", "\x1b]8;;http://evil\x07x\x1b]8;;\x07", `\x1b]8;;http://evil\ax\x1b]8;;\a`},
		{"line breaks", "a\r\nb\tc\u0085d\u2028e", `a\r\nb\tc\u0085d\u2028e`},
		{"bidi", "user\u202etxt.exe\u2066x\u2069", `user\u202etxt.exe\u2066x\u2069`},
		{"zero width", "ad\u200bmin\u200d\ufeff\u00ad", `ad\u200bmin\u200d\ufeff\u00ad`},
		{"blanks", "a\u00a0b\u3164c\u2800d", `a\u00a0b\u3164c\u2800d`},
		{"tags", "x\U000e0041", `x\U000e0041`},
		{"smuggled selectors", "x\U000e0101\ufe00", `x\U000e0101\ufe00`},
		{"eight bit controls", "\u009b31m", `\u009b31m`},
		{"invalid", "a\xffb\xc3", `a\xffb\xc3`},
		{"replacement character", "a\ufffdb", "a\ufffdb"},
		{"runner command", "x##[stop-commands]y #[z]", `x##\x5bstop-commands]y #[z]`},
		{"delete", "a\x7fb", `a\x7fb`},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := Safe(test.in); got != test.want {
				t.Errorf("Safe(%q) = %s, want %s", test.in, got, test.want)
			}
		})
	}
}

func FuzzSafe(f *testing.F) {
	f.Add("a\x1b[31m\u202e\xff##[x]")
	f.Fuzz(func(t *testing.T, s string) {
		got := Safe(s)
		if !utf8.ValidString(got) || strings.Contains(got, "##[") {
			t.Errorf("Safe(%q) = %q", s, got)
		}
		for _, r := range got {
			if !visible(r) {
				t.Errorf("Safe(%q) = %q holds %U", s, got, r)
			}
		}
		if again := Safe(got); again != got {
			t.Errorf("Safe(%q) = %q, then %q", s, got, again)
		}
	})
}

func TestPaletteChangesDecorationOnly(t *testing.T) {
	var plain Palette
	if got := plain.Alarm("x") + plain.Added("") + plain.Faint("y"); got != "xy" {
		t.Errorf("the zero palette wrote %q", got)
	}
	if got := Colours().Removed("gone"); got != "\x1b[31mgone\x1b[0m" {
		t.Errorf("removed = %q", got)
	}
	for _, test := range []struct {
		streams *Streams
		want    bool
	}{
		{&Streams{OutTTY: true}, true},
		{&Streams{OutTTY: true, NoColour: true}, false},
		{&Streams{ErrTTY: true}, false},
	} {
		if got := test.streams.OutPalette() == Colours(); got != test.want {
			t.Errorf("colour on %+v = %v, want %v", test.streams, got, test.want)
		}
	}
}

func TestSay(t *testing.T) {
	var out bytes.Buffer
	s := &Streams{Err: &out}
	s.Say("kept %d of %s", 3, "a\nb")
	s.Hint("grant %s", "Policy.Read.All")
	if want := "entragit: kept 3 of a\\nb\nhint: grant Policy.Read.All\n"; out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
}

func TestConfirm(t *testing.T) {
	for _, test := range []struct {
		answer string
		want   bool
	}{{"y\n", true}, {" YES \n", true}, {"n\n", false}, {"\n", false}, {"", false}, {"yep\n", false}} {
		var out bytes.Buffer
		s := &Streams{In: strings.NewReader(test.answer), Err: &out, InTTY: true}
		got, err := s.Confirm("apply?")
		if err != nil || got != test.want {
			t.Errorf("Confirm answered %q = %v, %v; want %v", test.answer, got, err, test.want)
		}
		if out.String() != "apply? [y/N] " {
			t.Errorf("asked %q", out.String())
		}
	}
	s := &Streams{In: strings.NewReader("y\n"), Err: &bytes.Buffer{}}
	if _, err := s.Confirm("apply?"); !errors.Is(err, ErrNotTerminal) {
		t.Errorf("without a terminal: %v, want ErrNotTerminal", err)
	}
}

// clock is moved by hand.
type clock struct{ now time.Time }

func (c *clock) Now() time.Time { return c.now }

func TestProgressOnATerminal(t *testing.T) {
	var out bytes.Buffer
	c := &clock{now: time.Unix(0, 0)}
	s := &Streams{Err: &out, ErrTTY: true, Now: c.Now, Width: func() int { return 20 }}
	p := s.Progress()
	p.Update("users: 1")
	p.Update("users: 2") // too soon
	c.now = c.now.Add(redrawEvery)
	p.Update("users: 3 of very many indeed")
	s.Say("namedLocations: permission denied")
	c.now = c.now.Add(redrawEvery)
	p.Update("users: 4")
	p.Done()
	p.Done()
	const clear = "\r\x1b[K"
	want := "users: 1" + clear + "users: 3 of very m…" + clear +
		"entragit: namedLocations: permission denied\n" + "users: 4" + clear
	if out.String() != want {
		t.Errorf("wrote %q, want %q", out.String(), want)
	}
}

func TestClipNeedsNoRoom(t *testing.T) {
	for _, width := range []int{0, 1, 2, 3} {
		var out bytes.Buffer
		s := &Streams{Err: &out, ErrTTY: true, Width: func() int { return width }}
		s.Progress().Update("users: 1")
		if out.Len() == 0 {
			t.Errorf("nothing shown on %d columns", width)
		}
	}
}

func TestProgressInALog(t *testing.T) {
	var out bytes.Buffer
	c := &clock{now: time.Unix(0, 0)}
	s := &Streams{Err: &out, Now: c.Now}
	p := s.Progress()
	for range 40 {
		p.Update("users: some")
		c.now = c.now.Add(time.Second)
	}
	p.Done()
	if want := strings.Repeat("entragit: users: some\n", 2); out.String() != want {
		t.Errorf("wrote %q, want %q", out.String(), want)
	}
}
