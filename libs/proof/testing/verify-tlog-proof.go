//go:build ignore

// Verifies C2SP tlog-proofs with golang.org/x/mod/sumdb/note and tlog, and no code of this project.
// Reads a JSON list of {"Key", "Text", "Entry"} from standard input, prints "verified" or says what is wrong and exits with 1.
//
//	GO111MODULE=off GOPATH=/usr/share/gocode go run verify-tlog-proof.go < input.json
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func must(err error, what string) {
	if err != nil {
		fmt.Printf("%s: %v\n", what, err)
		os.Exit(1)
	}
}

func main() {
	var claims []struct {
		Key   string
		Text  string
		Entry []byte
	}
	must(json.NewDecoder(os.Stdin).Decode(&claims), "input")
	for i, claim := range claims {
		at := fmt.Sprintf("claim %d", i)
		parts := strings.SplitN(claim.Text, "\n\n", 2)
		lines := strings.Split(parts[0], "\n")
		if lines[0] != "c2sp.org/tlog-proof@v1" || !strings.HasPrefix(lines[1], "index ") {
			must(fmt.Errorf("%q", claim.Text), at)
		}
		index, err := strconv.ParseInt(strings.TrimPrefix(lines[1], "index "), 10, 64)
		must(err, at)
		var proof tlog.RecordProof
		for _, line := range lines[2:] {
			hash, err := tlog.ParseHash(line)
			must(err, at)
			proof = append(proof, hash)
		}
		verifier, err := note.NewVerifier(claim.Key)
		must(err, at)
		signed, err := note.Open([]byte(parts[1]), note.VerifierList(verifier))
		must(err, at)
		text := strings.Split(signed.Text, "\n")
		if text[0] != verifier.Name() {
			must(fmt.Errorf("origin %q, key %q", text[0], verifier.Name()), at)
		}
		size, err := strconv.ParseInt(text[1], 10, 64)
		must(err, at)
		root, err := tlog.ParseHash(text[2])
		must(err, at)
		must(tlog.CheckRecord(proof, size, root, index, tlog.RecordHash(claim.Entry)), at)
	}
	fmt.Println("verified")
}
