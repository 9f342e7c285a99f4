package emulator

import (
	"fmt"
	"hash/fnv"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// listFaults make the true answer to a request an untrue list, by the word that a fault script
// uses for it. An answer that is no list stays as it is.
var listFaults = map[string]func(req *request, answer *response){
	"empty":   emptyList,
	"half":    halfList,
	"endless": endlessList,
	"twins":   twinList,
}

// checkList reports a word that names no untrue list.
func checkList(word string) error {
	if _, known := listFaults[word]; word != "" && !known {
		return fmt.Errorf("list: %q is none of %s", word, strings.Join(slices.Sorted(maps.Keys(listFaults)), ", "))
	}
	return nil
}

// emptyList holds nothing.
func emptyList(_ *request, answer *response) {
	if body, _, ok := listOf(answer); ok {
		body["value"] = []any{}
		delete(body, "@odata.nextLink")
	}
}

// halfList lacks about every second item. An item's id decides, so that two answers lack the
// same ones.
func halfList(_ *request, answer *response) {
	body, values, ok := listOf(answer)
	if !ok {
		return
	}
	kept := []any{}
	for at, value := range values {
		if idHash(value, at)%2 == 0 {
			kept = append(kept, value)
		}
	}
	body["value"] = kept
}

// idHash returns a number that depends on an item's id, or on its position if it has none.
func idHash(value any, at int) uint32 {
	item, _ := value.(object)
	id, named := item["id"].(string)
	if !named {
		return uint32(at)
	}
	h := fnv.New32a()
	h.Write([]byte(id))
	return h.Sum32()
}

// endlessToken begins the page tokens of an endless list; the number of the page follows.
const endlessToken = "endless-"

// endlessList has the true pages, and after the last of them empty pages without end, each
// with a next link of its own.
func endlessList(req *request, answer *response) {
	token, _ := req.option("skiptoken")
	if number, beyond := strings.CutPrefix(token, endlessToken); beyond {
		n, _ := strconv.Atoi(number) // a token that somebody made up begins anew
		*answer = *reply(http.StatusOK, object{"value": []any{}, "@odata.nextLink": linkWithToken(req, endlessToken+strconv.Itoa(n+1))})
		return
	}
	if body, _, ok := listOf(answer); ok && body["@odata.nextLink"] == nil {
		body["@odata.nextLink"] = linkWithToken(req, endlessToken+"1")
	}
}

// twinList holds its first item once more, under an id that differs in case alone.
func twinList(_ *request, answer *response) {
	body, values, _ := listOf(answer)
	if len(values) == 0 {
		return
	}
	first, _ := values[0].(object)
	id, named := first["id"].(string)
	if !named {
		return
	}
	twin := maps.Clone(first)
	twin["id"] = otherCase(id)
	body["value"] = append(slices.Clip(values), twin)
}

// otherCase returns text in capitals, or in small letters if it had no small ones.
func otherCase(text string) string {
	if upper := strings.ToUpper(text); upper != text {
		return upper
	}
	return strings.ToLower(text)
}

// listOf returns the body of an answer that is a list, and the list's items.
func listOf(answer *response) (body object, values []any, ok bool) {
	whole, _ := answer.body.(object)
	values, ok = whole["value"].([]any)
	if !ok {
		return nil, nil, false
	}
	return whole, values, true
}
