package emulator

import (
	"encoding/json"
	"net"
	"net/http"
	"strings"
)

// admin answers requests about the emulator itself. Scripts use it:
//
//	GET, POST, DELETE /_emulator/faults    the faults to come; add; forget
//	GET, DELETE       /_emulator/requests  the last requests; forget them and count anew
//	GET               /_emulator/stats     counts of requests and writes
//	POST              /_emulator/save      write the tenant to the folder of --save
//	POST              /_emulator/jobs      do what Microsoft's own jobs would have done by now
//
// It answers this machine alone.
func (s *Server) admin(w http.ResponseWriter, r *http.Request) {
	host, _, _ := net.SplitHostPort(r.RemoteAddr)
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		http.NotFound(w, r)
		return
	}
	switch r.Method + " " + strings.TrimPrefix(r.URL.Path, adminPrefix) {
	case "GET faults":
		sendJSON(w, s.faults.list())
	case "POST faults":
		faults, err := parseFaults(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		s.faults.add(faults...)
		w.WriteHeader(http.StatusNoContent)
	case "DELETE faults":
		s.faults.clear()
		w.WriteHeader(http.StatusNoContent)
	case "GET requests":
		sendJSON(w, s.Requests())
	case "DELETE requests":
		s.ClearLog()
		w.WriteHeader(http.StatusNoContent)
	case "GET stats":
		sendJSON(w, s.Stats())
	case "POST save":
		if err := s.Save(); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	case "POST jobs":
		s.RunJobs()
		w.WriteHeader(http.StatusNoContent)
	default:
		http.NotFound(w, r)
	}
}

func sendJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) // a client that has gone away is its own affair
}
