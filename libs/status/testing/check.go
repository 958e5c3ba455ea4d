//go:build ignore

// Checks status proofs with golang.org/x/mod/sumdb/tlog: reads a list of them on standard input, as the vectors write them, and prints
// how many hold.
//
//	GO111MODULE=off GOPATH=/usr/share/gocode go run check.go
package main

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log"
	"os"

	"golang.org/x/mod/sumdb/tlog"
)

type proof struct {
	Ordinal, Records int64
	Leaf, Root       string
	Path             []string
}

func hash(text string) (h tlog.Hash) {
	bytes, err := hex.DecodeString(text)
	if err != nil || len(bytes) != len(h) {
		log.Fatalf("expected a hash, got %q", text)
	}
	copy(h[:], bytes)
	return h
}

func main() {
	var proofs []proof
	if err := json.NewDecoder(os.Stdin).Decode(&proofs); err != nil {
		log.Fatal(err)
	}
	held := 0
	for _, p := range proofs {
		var path tlog.RecordProof
		for _, text := range p.Path {
			path = append(path, hash(text))
		}
		leaf, err := hex.DecodeString(p.Leaf)
		if err != nil {
			log.Fatal(err)
		}
		if tlog.CheckRecord(path, (p.Records+63)/64, hash(p.Root), p.Ordinal/64, tlog.RecordHash(leaf)) == nil {
			held++
		}
	}
	fmt.Println(held)
}
