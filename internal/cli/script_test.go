package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/entragit/entragit/internal/emulator"
)

func TestMain(m *testing.M) {
	testscript.Main(trusting{M: m}, map[string]func(){"entragit": func() { os.Exit(Main()) }})
}

// TestScripts runs testdata/script: what entragit does, seen from outside. Beside
// testscript's own commands there are
//
//	emulator start [SEED [DIR]]       serves a tenant, with the objects of DIR; sets ENTRAGIT_GRAPH and EMULATOR_URL;
//	                                  it is in the cloud that ENTRAGIT_CLOUD names
//	emulator fault 'METHOD PATH' STATUS [CODE]   fails such requests from now on
//	emulator fault 'METHOD PATH' LIST  answers them with an untrue list: empty, half, endless, twins
//	emulator fault JSON               adds a fault as a fault script has it
//	emulator licence LICENCE          what the tenant has bought from now on
//	emulator heal                     lets all requests through again
//	emulator get PATH                 reads from the tenant, as the last command's stdout
//	emulator patch|post|put PATH JSON   writes to the tenant; @FILE is what the file holds
//	emulator delete PATH
//	emulator writes N                 fails unless N writes were asked for since the last time
//	emulator answered STATUS N        fails unless N requests were answered so
//	exits N COMMAND...                runs a command and fails unless its exit code is N
//
// A PATH follows /v1.0; ${NAME} variables stand for ids that "id" has looked up:
//
//	id NAME COLLECTION DISPLAYNAME [PROPERTY]   where another property than the id is meant
//	port NAME                         puts a free port of this machine into a variable
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("..", "..", "testdata", "script"),
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("XDG_CONFIG_HOME", filepath.Join(env.WorkDir, ".config"))
			env.Setenv("GIT_CONFIG_GLOBAL", os.DevNull)
			env.Setenv("ENTRAGIT_WIDTH", "0") // a script asserts sentences, width.txtar where they break
			env.Setenv("GIT_CONFIG_NOSYSTEM", "1")
			for _, who := range []string{"AUTHOR", "COMMITTER"} {
				env.Setenv("GIT_"+who+"_NAME", "somebody")
				env.Setenv("GIT_"+who+"_EMAIL", "somebody@example.org")
			}
			env.Values[tenantKey{}] = &scriptTenant{}
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"emulator": emulatorCmd, "exits": exitsCmd, "id": idCmd, "port": portCmd,
		},
	})
}

// exitsCmd tells exit codes apart, which testscript's "!" cannot.
func exitsCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits N COMMAND...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

func portCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: port NAME")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Setenv(args[0], strconv.Itoa(l.Addr().(*net.TCPAddr).Port))
	ts.Check(l.Close())
}

// scriptTenant is the tenant of one script.
type scriptTenant struct {
	server *emulator.Server
	url    string
	writes int64
}

type tenantKey struct{}

func emulatorCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: emulator start|fault|heal|get|patch|post|put|delete|writes …")
	}
	tenant := ts.Value(tenantKey{}).(*scriptTenant)
	switch verb, args := args[0], args[1:]; verb {
	case "start":
		tenant.start(ts, args)
	case "fault":
		tenant.fault(ts, args)
	case "licence":
		ts.Check(tenant.server.SetLicence(strings.Join(args, "")))
	case "jobs":
		tenant.server.RunJobs()
	case "heal":
		tenant.do(ts, "DELETE", "/_emulator/faults", nil)
	case "writes":
		now := tenant.server.Stats().Writes
		if got := now - tenant.writes; len(args) != 1 || fmt.Sprint(got) != args[0] {
			ts.Fatalf("%d writes were asked for since the last time", got)
		}
		tenant.writes = now
	case "answered":
		var found []string
		for _, r := range tenant.server.Requests() {
			if fmt.Sprint(r.Status) == args[0] {
				found = append(found, r.Method+" "+r.Path+" "+r.Query)
			}
		}
		if fmt.Sprint(len(found)) != args[1] {
			ts.Fatalf("%d requests were answered %s: %s", len(found), args[0], strings.Join(found, ", "))
		}
	default:
		tenant.graph(ts, strings.ToUpper(verb), args)
	}
}

func (tenant *scriptTenant) fault(ts *testscript.TestScript, args []string) {
	switch len(args) {
	case 1:
		tenant.do(ts, "POST", "/_emulator/faults", []byte(args[0]))
		return
	case 2, 3:
	default:
		ts.Fatalf("usage: emulator fault 'METHOD PATH' STATUS|LIST [CODE]")
	}
	method, path, _ := strings.Cut(args[0], " ")
	fault := emulator.Fault{Method: method, Path: strings.TrimPrefix(path, "/v1.0"), Code: strings.Join(args[2:], "")}
	if status, err := strconv.Atoi(args[1]); err == nil {
		fault.Status = status
	} else {
		fault.List = args[1]
	}
	ts.Check(tenant.server.AddFaults(fault))
}

func (tenant *scriptTenant) start(ts *testscript.TestScript, args []string) {
	o := emulator.Options{Cloud: ts.Getenv("ENTRAGIT_CLOUD")}
	if len(args) > 0 {
		o.Seed = args[0]
	}
	if len(args) > 1 {
		o.Load = ts.MkAbs(args[1])
	}
	var err error
	tenant.server, err = emulator.New(o)
	ts.Check(err)
	web := httptest.NewServer(tenant.server)
	ts.Defer(web.Close)
	tenant.url = web.URL
	ts.Setenv("EMULATOR_URL", web.URL)
	ts.Setenv("ENTRAGIT_GRAPH", web.URL)
}

// graph sends one request as somebody other than entragit would. Its writes are not
// counted.
func (tenant *scriptTenant) graph(ts *testscript.TestScript, method string, args []string) {
	if len(args) == 0 {
		ts.Fatalf("usage: emulator %s PATH [JSON]", strings.ToLower(method))
	}
	body := strings.Join(args[1:], " ")
	if file, ok := strings.CutPrefix(body, "@"); ok {
		body = ts.ReadFile(file)
	}
	before := tenant.server.Stats().Writes
	answer := tenant.do(ts, method, "/v1.0"+args[0], []byte(body))
	tenant.writes += tenant.server.Stats().Writes - before
	fmt.Fprintf(ts.Stdout(), "%s", answer)
}

func (tenant *scriptTenant) do(ts *testscript.TestScript, method, path string, body []byte) []byte {
	req, err := http.NewRequest(method, tenant.url+path, bytes.NewReader(body))
	ts.Check(err)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Prefer", "include-unknown-enum-members")
	req.Header.Set("Accept-Language", "0") // branding requires it
	resp, err := http.DefaultClient.Do(req)
	ts.Check(err)
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	ts.Check(err)
	if resp.StatusCode >= 300 {
		ts.Fatalf("%s %s: %s: %s", method, path, resp.Status, answer)
	}
	return answer
}

// idCmd looks up the id, or another property, of an object by its display name.
func idCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 || len(args) > 4 {
		ts.Fatalf("usage: id NAME COLLECTION DISPLAYNAME [PROPERTY]")
	}
	tenant := ts.Value(tenantKey{}).(*scriptTenant)
	var list struct{ Value []map[string]any }
	ts.Check(json.Unmarshal(tenant.do(ts, "GET", "/v1.0"+args[1]+"?$top=999", nil), &list))
	for _, object := range list.Value {
		if object["displayName"] == args[2] {
			ts.Setenv(args[0], fmt.Sprint(object[append(args, "id")[3]]))
			return
		}
	}
	ts.Fatalf("no %s is called %q", args[1], args[2])
}
