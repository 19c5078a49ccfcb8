// The driver of the Go SDK; see ../protocol.schema.json.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"os"
	"runtime"
	"strings"
	"sync"

	"driver/protocol"

	workos "github.com/workos/workos-go/v9"
)

type object = map[string]any

type command struct {
	Cmd    string          `json:"cmd"`
	Seq    int             `json:"seq"`
	Op     string          `json:"op"`
	Args   json.RawMessage `json:"args"`
	Client options         `json:"client"`
	Opts   options         `json:"opts"`
	Limits struct{ Items, MS int }
}

var writing sync.Mutex

func main() {
	lines := bufio.NewReader(os.Stdin)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return
		}
		var given command
		if err := json.Unmarshal(line, &given); err != nil {
			reply(object{"type": "harness_error", "seq": nil, "message": err.Error()})
		} else if given.Cmd == "stop" {
			return
		} else if given.Cmd == "start" {
			reply(started())
		} else {
			go answer(given)
		}
	}
}

func started() object {
	var unsupported map[string]string
	text, err := os.ReadFile(os.Args[1])
	if err == nil {
		err = json.Unmarshal(text, &unsupported)
	}
	if err != nil {
		return object{"type": "harness_error", "seq": nil, "message": err.Error()}
	}
	return object{
		"type": "started", "protocol": 1, "sdk": "go", "package": sdk, "version": workos.Version,
		"language":   "Go " + strings.TrimPrefix(runtime.Version(), "go"),
		"operations": []string{"create", "get", "lookup", "iterate", "update", "delete"}, "unsupported": unsupported,
	}
}

func answer(given command) {
	var args arguments
	strict := json.NewDecoder(bytes.NewReader(given.Args))
	strict.DisallowUnknownFields()
	if err := strict.Decode(&args); err != nil {
		reply(object{"type": "harness_error", "seq": given.Seq, "message": err.Error()})
		return
	}
	outcome := attempt(given, args)
	outcome["seq"] = given.Seq
	reply(outcome)
}

func reply(message object) {
	var line bytes.Buffer
	if err := json.NewEncoder(&line).Encode(message); err != nil {
		panic(err)
	}
	writing.Lock()
	defer writing.Unlock()
	if _, err := io.Copy(protocol.Output, &line); err != nil {
		os.Exit(1)
	}
}
