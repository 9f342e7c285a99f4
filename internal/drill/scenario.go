package drill

import (
	"embed"
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/yaml"
)

// Scenario is an incident as a list of Graph requests that apply to any snapshot.
type Scenario struct {
	// Name is the file's name without its ending.
	Name string `json:"-"`
	// Title is what a person calls the incident.
	Title string `json:"title"`
	// Pick names single objects, for the requests to speak of.
	Pick map[string]Choice `json:"pick"`
	// Requests are made in their order.
	Requests []Request `json:"requests"`
}

// Choice says which objects of a snapshot are meant.
type Choice struct {
	// For is the kind of the objects.
	For string `json:"for"`
	// Where holds values that top-level properties must have; null means none, and of a list
	// the value must be an element.
	Where map[string]any `json:"where"`
	// MentionedBy is a kind: only objects that an object of that kind names.
	MentionedBy string `json:"mentionedBy"`
}

// Request is a request, made once or for each of some objects. Path and Body may hold
// placeholders: "{appId}" is a property of the object, "{group.id}" one of a picked object or
// of an earlier answer, "{graph}" the versioned address of Graph, "{new}" a new GUID.
type Request struct {
	Choice
	// Take is how many of the objects, 20 or "30%"; nil means all.
	Take any `json:"take"`
	// Method and Path are the request's; the path is below the version.
	Method string `json:"method"`
	Path   string `json:"path"`
	// Body is sent as JSON.
	Body any `json:"body"`
	// As names the answer, for later requests.
	As string `json:"as"`
}

// take returns how many of a number of objects are meant; of some, at least one. It reports
// false where Take says no number.
func (r *Request) take(objects int) (int, bool) {
	if r.Take == nil {
		return objects, true
	}
	digits, percent := strings.CutSuffix(fmt.Sprint(r.Take), "%")
	n, err := strconv.Atoi(digits)
	switch {
	case err != nil || n < 1 || percent && n > 100:
		return 0, false
	case percent:
		return min(objects, max(1, objects*n/100)), true
	}
	return min(objects, n), true
}

//go:embed scenarios/*.yaml
var builtIn embed.FS

// Scenarios are those that come with the program, by name.
func Scenarios() ([]Scenario, error) {
	files, err := builtIn.ReadDir("scenarios")
	if err != nil {
		return nil, err
	}
	var all []Scenario
	for _, f := range files {
		data, err := builtIn.ReadFile("scenarios/" + f.Name())
		if err != nil {
			return nil, err
		}
		s, err := Parse(f.Name(), data)
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, nil
}

// Parse reads a scenario's file, YAML or JSON. Errors wrap [entra.ErrInvalid] and say where.
func Parse(file string, data []byte) (Scenario, error) {
	s := Scenario{}
	if err := yaml.Unmarshal(file, data, &s); err != nil {
		return s, fmt.Errorf("scenario: %w", err)
	}
	base := path.Base(file)
	s.Name = strings.TrimSuffix(base, path.Ext(base))
	if !plainName.MatchString(s.Name) {
		return s, fmt.Errorf("scenario: %s: a scenario is called as its file, in letters, digits, \".\", \"_\" and \"-\": %w", file, entra.ErrInvalid)
	}
	pointer, problem := s.fault()
	if problem == "" {
		return s, nil
	}
	return s, fmt.Errorf("scenario: %w", yaml.Faultf(file, data, pointer, "%s", problem))
}

// plainName is a name that means nothing to a shell, a terminal or Markdown.
var plainName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)

var methods = []string{"POST", "PATCH", "PUT", "DELETE"}

// fault returns where a scenario is wrong, and how.
func (s *Scenario) fault() (pointer, problem string) {
	if s.Title == "" {
		return "", "the title is missing"
	}
	if len(s.Requests) == 0 {
		return "", "there are no requests"
	}
	known := map[string]bool{}
	for _, name := range s.picks() {
		c := s.Pick[name]
		at := "/pick/" + name
		if c.For == "" {
			return at, "a pick is of a kind: for is missing"
		}
		if problem := c.fault(); problem != "" {
			return at, problem
		}
		known[name] = true
	}
	for i, r := range s.Requests {
		if problem := r.fault(known); problem != "" {
			return "/requests/" + strconv.Itoa(i), problem
		}
		if r.As != "" {
			known[r.As] = true
		}
	}
	return "", ""
}

func (c *Choice) fault() string {
	for _, name := range []string{c.For, c.MentionedBy} {
		if name != "" && kind.ByName(name) == nil {
			return fmt.Sprintf("there is no kind %q; entragit kinds lists them", name)
		}
	}
	if c.For == "" && (len(c.Where) > 0 || c.MentionedBy != "") {
		return "where and mentionedBy choose among the objects of a kind: for is missing"
	}
	return ""
}

func (r *Request) fault(known map[string]bool) string {
	_, number := r.take(0)
	switch {
	case !slices.Contains(methods, r.Method):
		return fmt.Sprintf("method is %q and must be one of %s", r.Method, strings.Join(methods, ", "))
	case !strings.HasPrefix(r.Path, "/"):
		return "path is below the version of Graph and starts with \"/\""
	case !number:
		return fmt.Sprintf("take is %v and must be a number such as 20, or a share such as \"30%%\"", r.Take)
	case r.For == "" && r.Take != nil:
		return "take is of the objects of a kind: for is missing"
	case r.For != "" && r.As != "":
		return "as names one answer, and this request is made for each of some objects"
	}
	if problem := r.Choice.fault(); problem != "" {
		return problem
	}
	problem := ""
	check := func(name string) (string, bool) {
		of, _, dotted := cutName(name)
		switch {
		case name == wordGraph || name == wordNew:
		case dotted && !known[of]:
			problem = fmt.Sprintf("{%s}: nothing above is called %q", name, of)
		case !dotted && r.For == "":
			problem = fmt.Sprintf("{%s} is a property of an object, and this request is for none", name)
		}
		return "", true
	}
	fill(r.Path, check)
	fillAny(r.Body, check)
	return problem
}

// The placeholders that stand for no property.
const (
	wordGraph = "graph"
	wordNew   = "new"
)

// picks returns the names of the picked objects, in the order in which they are found.
func (s *Scenario) picks() []string { return slices.Sorted(maps.Keys(s.Pick)) }

// cutName splits a placeholder that speaks of a named object.
func cutName(placeholder string) (of, property string, dotted bool) {
	return strings.Cut(placeholder, ".")
}

// fill replaces the placeholders of a text. It reports false when one has no value.
func fill(text string, value func(name string) (string, bool)) (string, bool) {
	var b strings.Builder
	for {
		before, rest, open := strings.Cut(text, "{")
		name, after, closed := strings.Cut(rest, "}")
		b.WriteString(before)
		if !open || !closed {
			b.WriteString(text[len(before):])
			return b.String(), true
		}
		v, ok := value(name)
		if !ok {
			return "", false
		}
		b.WriteString(v)
		text = after
	}
}

// fillAny is fill for every text of a JSON value.
func fillAny(v any, value func(name string) (string, bool)) (any, bool) {
	switch v := v.(type) {
	case string:
		return fill(v, value)
	case []any:
		out := make([]any, len(v))
		for i, element := range v {
			var ok bool
			if out[i], ok = fillAny(element, value); !ok {
				return nil, false
			}
		}
		return out, true
	case map[string]any:
		out := make(map[string]any, len(v))
		for name, member := range v {
			var ok bool
			if out[name], ok = fillAny(member, value); !ok {
				return nil, false
			}
		}
		return out, true
	}
	return v, true
}

// matches reports whether an object is one that a choice's conditions mean.
func (c *Choice) matches(o *entra.Object) bool {
	for name, want := range c.Where {
		have := o.Property(name)
		if list, ok := have.([]any); ok && want != nil {
			if !slices.ContainsFunc(list, func(v any) bool { return same(v, want) }) {
				return false
			}
		} else if !same(have, want) {
			return false
		}
	}
	return true
}

// same compares two JSON values by their text.
func same(a, b any) bool {
	x, err := json.Marshal(a)
	if err != nil {
		return false // cannot happen: both come from files
	}
	y, err := json.Marshal(b)
	return err == nil && string(x) == string(y)
}
