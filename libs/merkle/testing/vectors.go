//go:build ignore

// Writes vectors/tree.json, computed by golang.org/x/mod/sumdb/tlog, which shares no code with this library.
//
//	GO111MODULE=off GOPATH=/usr/share/gocode go run vectors.go > ../vectors/tree.json
package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log"
	"os"

	"golang.org/x/mod/sumdb/tlog"
)

type object map[string]interface{}

type store []tlog.Hash

func (s store) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		out[i] = s[index]
	}
	return out, nil
}

const largest = 70000

func entry(i int64) []byte { return []byte(fmt.Sprintf("entry-%d", i)) }

func text(h tlog.Hash) string { return hex.EncodeToString(h[:]) }

func texts(hashes []tlog.Hash) []string {
	out := []string{}
	for _, h := range hashes {
		out = append(out, text(h))
	}
	return out
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func main() {
	var s store
	for i := int64(0); i < largest; i++ {
		hashes, err := tlog.StoredHashes(i, entry(i), s)
		check(err)
		s = append(s, hashes...)
	}
	root := func(size int64) tlog.Hash {
		if size == 0 {
			return sha256.Sum256(nil)
		}
		h, err := tlog.TreeHash(size, s)
		check(err)
		return h
	}

	leaves := []object{}
	for _, e := range [][]byte{{}, {0}, []byte("entry-0"), make([]byte, 64)} {
		leaves = append(leaves, object{"entry": hex.EncodeToString(e), "hash": text(tlog.RecordHash(e))})
	}
	a, b := tlog.RecordHash(entry(0)), tlog.RecordHash(entry(1))
	nodes := []object{
		{"left": text(a), "right": text(b), "hash": text(tlog.NodeHash(a, b))},
		{"left": text(b), "right": text(a), "hash": text(tlog.NodeHash(b, a))},
		{"left": text(a), "right": text(a), "hash": text(tlog.NodeHash(a, a))},
	}

	roots := []object{}
	for size := int64(0); size <= 33; size++ {
		roots = append(roots, object{"size": size, "root": text(root(size))})
	}
	for _, size := range []int64{63, 64, 65, 127, 128, 129, 255, 256, 257, 300, 511, 512, 513, 1000, 65535, 65536, 65537, largest} {
		roots = append(roots, object{"size": size, "root": text(root(size))})
	}

	inclusion := []object{}
	include := func(size int64, indexes ...int64) {
		for _, index := range indexes {
			path, err := tlog.ProveRecord(size, index, s)
			check(err)
			inclusion = append(inclusion, object{
				"size": size, "index": index, "leaf": text(tlog.RecordHash(entry(index))), "path": texts(path), "root": text(root(size)),
			})
		}
	}
	for size := int64(1); size <= 9; size++ {
		for index := int64(0); index < size; index++ {
			include(size, index)
		}
	}
	include(255, 0, 127, 254)
	include(256, 0, 255)
	include(257, 0, 255, 256)
	include(1000, 0, 511, 512, 999)
	include(65537, 0, 65535, 65536)
	include(largest, 0, 12345, 65536, 69999)

	consistency := []object{}
	consist := func(size1, size2 int64) {
		path := []tlog.Hash{}
		if size1 > 0 && size1 < size2 {
			proof, err := tlog.ProveTree(size2, size1, s)
			check(err)
			path = proof
		}
		consistency = append(consistency, object{
			"size1": size1, "root1": text(root(size1)), "size2": size2, "root2": text(root(size2)), "path": texts(path),
		})
	}
	for size2 := int64(0); size2 <= 9; size2++ {
		for size1 := int64(0); size1 <= size2; size1++ {
			consist(size1, size2)
		}
	}
	consist(255, 256)
	consist(256, 257)
	consist(256, 1000)
	consist(777, 1000)
	consist(1000, 65537)
	consist(65536, largest)
	consist(69999, largest)

	tilings := []object{}
	for _, size := range []int64{1, 2, 255, 256, 257, 1000, 65536, 65537, largest} {
		tiles := []object{}
		for level := 0; ; level++ {
			width := size
			for i := 0; i < level; i++ {
				width /= 256
			}
			if width == 0 {
				break
			}
			for index := int64(0); index*256 < width; index++ {
				w := width - index*256
				if w > 256 {
					w = 256
				}
				// Of a long row of complete tiles the first and the last two are enough.
				if index > 0 && (index+2)*256 < width {
					continue
				}
				data, err := tlog.ReadTileData(tlog.Tile{H: 8, L: level, N: index, W: int(w)}, s)
				check(err)
				sum := sha256.Sum256(data)
				tiles = append(tiles, object{"level": level, "index": index, "width": w, "sha256": hex.EncodeToString(sum[:])})
			}
		}
		tilings = append(tilings, object{"size": size, "tiles": tiles})
	}

	out := json.NewEncoder(os.Stdout)
	out.SetIndent("", " ")
	check(out.Encode(object{
		"origin":      "computed with golang.org/x/mod/sumdb/tlog by testing/vectors.go",
		"entries":     "entry number i of every tree, from 0, is the ASCII text entry-<i in decimal>",
		"leafHashes":  leaves,
		"nodeHashes":  nodes,
		"roots":       roots,
		"inclusion":   inclusion,
		"consistency": consistency,
		"tilings":     tilings,
	}))
}
