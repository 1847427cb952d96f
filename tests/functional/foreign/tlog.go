// Checks notes, trees and proofs with golang.org/x/mod, which knows nothing of this project: each must hold, and must
// not once a bit of it is changed. GOPATH mode: Debian's golang-golang-x-mod-dev.
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

type given struct {
	Logs []struct {
		Key    string
		Note   string
		Leaves [][]byte
	}
	Proofs []struct {
		Index, Size int64
		Root, Leaf  []byte
		Hashes      [][]byte
	}
	Consistency []struct {
		Old, Size int64
		Old_root  []byte
		Root      []byte
		Hashes    [][]byte
	}
}

func check(ok bool, what string, about ...interface{}) {
	if !ok {
		fmt.Fprintln(os.Stderr, what, about)
		os.Exit(1)
	}
}

func hash(bytes []byte) tlog.Hash {
	var h tlog.Hash
	check(len(bytes) == len(h), "a hash of", len(bytes))
	copy(h[:], bytes)
	return h
}

func hashes(all [][]byte) []tlog.Hash {
	var list []tlog.Hash
	for _, one := range all {
		list = append(list, hash(one))
	}
	return list
}

func changed(h tlog.Hash) tlog.Hash {
	h[31] ^= 1
	return h
}

// The tree of all leaves, hashed by x/mod alone.
func treeHash(leaves [][]byte) tlog.Hash {
	var stored []tlog.Hash
	read := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		list := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			list[i] = stored[index]
		}
		return list, nil
	})
	for i, leaf := range leaves {
		more, err := tlog.StoredHashes(int64(i), leaf, read)
		check(err == nil, "stored hashes", err)
		stored = append(stored, more...)
	}
	root, err := tlog.TreeHash(int64(len(leaves)), read)
	check(err == nil, "tree hash", err)
	return root
}

func checkLog(key, text string, leaves [][]byte) {
	verifier, err := note.NewVerifier(key)
	check(err == nil, "verifier key", key, err)
	opened, err := note.Open([]byte(text), note.VerifierList(verifier))
	check(err == nil && len(opened.Sigs) == 1, "note", text, err)
	lines := strings.Split(opened.Text, "\n")
	check(len(lines) == 4 && lines[0] == verifier.Name(), "checkpoint", opened.Text)
	size, err := strconv.ParseInt(lines[1], 10, 64)
	check(err == nil && size == int64(len(leaves)), "size", lines[1])
	root, err := tlog.ParseHash(lines[2])
	check(err == nil && root == treeHash(leaves), "root", lines[2])
	_, err = note.Open([]byte(strings.Replace(text, "\n"+lines[1]+"\n", "\n1"+lines[1]+"\n", 1)), note.VerifierList(verifier))
	check(err != nil, "another size is accepted")
}

func main() {
	data, err := os.ReadFile(os.Args[1])
	check(err == nil, "the file", err)
	var in given
	check(json.Unmarshal(data, &in) == nil, "its form")
	for _, log := range in.Logs {
		checkLog(log.Key, log.Note, log.Leaves)
	}
	for _, one := range in.Proofs {
		proof, root, leaf := tlog.RecordProof(hashes(one.Hashes)), hash(one.Root), tlog.RecordHash(one.Leaf)
		check(tlog.CheckRecord(proof, one.Size, root, one.Index, leaf) == nil, "inclusion", one.Index, one.Size)
		check(tlog.CheckRecord(proof, one.Size, root, one.Index, changed(leaf)) != nil, "another leaf")
		for i := range proof {
			proof[i] = changed(proof[i])
			check(tlog.CheckRecord(proof, one.Size, root, one.Index, leaf) != nil, "another proof")
			proof[i] = changed(proof[i])
		}
	}
	for _, one := range in.Consistency {
		proof, old, root := tlog.TreeProof(hashes(one.Hashes)), hash(one.Old_root), hash(one.Root)
		check(tlog.CheckTree(proof, one.Size, root, one.Old, old) == nil, "consistency", one.Old, one.Size)
		check(tlog.CheckTree(proof, one.Size, root, one.Old, changed(old)) != nil, "another old root")
	}
	fmt.Printf("%d logs, %d inclusion proofs, %d consistency proofs\n", len(in.Logs), len(in.Proofs), len(in.Consistency))
}
