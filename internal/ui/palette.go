package ui

// Palette decorates text by what it means. The zero Palette decorates nothing, so
// the text is the same with and without it.
type Palette struct{ colour bool }

// Colours is the palette for a terminal.
func Colours() Palette { return Palette{colour: true} }

// Added decorates what is there now and was not before.
func (p Palette) Added(s string) string { return p.paint("32", s) }

// Removed decorates what is no longer there.
func (p Palette) Removed(s string) string { return p.paint("31", s) }

// Changed decorates what is there before and after, but not the same.
func (p Palette) Changed(s string) string { return p.paint("33", s) }

// Strong decorates a heading or a name.
func (p Palette) Strong(s string) string { return p.paint("1", s) }

// Faint decorates what only a second look needs, such as an id.
func (p Palette) Faint(s string) string { return p.paint("2", s) }

// Alarm decorates what must not be overlooked.
func (p Palette) Alarm(s string) string { return p.paint("1;31", s) }

// paint wraps s in an SGR sequence (ECMA-48, 8.3.117).
func (p Palette) paint(code, s string) string {
	if !p.colour || s == "" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}
