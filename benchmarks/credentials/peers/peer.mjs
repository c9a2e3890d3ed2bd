// Signs and verifies the same badges with npm's libraries. Reads {contexts, key, documents, tokens}
// from the file named first; prints rates per second, and what it signed, as one JSON object.
import {readFileSync, writeFileSync} from 'node:fs';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as vc from '@digitalbazaar/vc';
import * as jose from 'jose';
import jsonld from 'jsonld';

const [, , input, output] = process.argv;
const {contexts, key, jwks, sets, seconds} = JSON.parse(readFileSync(input, 'utf8'));

const did = key.controller;
const methodDocument = {
  '@context': 'https://w3id.org/security/multikey/v1',
  id: key.id, type: 'Multikey', controller: did, publicKeyMultibase: key.publicKeyMultibase,
};
const didDocument = {
  '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'],
  id: did, verificationMethod: [methodDocument], assertionMethod: [key.id],
};
async function documentLoader(url) {
  const known = {...contexts, [did]: didDocument, [key.id]: methodDocument};
  if(known[url]) {
    return {contextUrl: null, documentUrl: url, document: known[url]};
  }
  throw new Error(`${url} is not known`);
}

async function rate(items, work) {
  for(const item of items.slice(0, 20)) { await work(item); }
  let best = 0;
  for(let round = 0; round < 3; round++) {
    const start = performance.now();
    let done = 0;
    while(performance.now() - start < seconds * 1000 / 3) {
      await work(items[done % items.length]);
      done++;
    }
    best = Math.max(best, done / (performance.now() - start) * 1000);
  }
  return best;
}

const pair = await Ed25519Multikey.from(key);
const results = {rates: {}, signed: {}, failures: [], canonical: {}};
for(const [name, {documents, ours}] of Object.entries(sets)) {
  const suite = new DataIntegrityProof({signer: pair.signer(), cryptosuite});
  suite.date = new Date('2026-06-01T12:00:00Z');
  const checking = new DataIntegrityProof({cryptosuite});
  const issue = credential => vc.issue({
    credential: structuredClone(credential), suite, documentLoader, now: new Date('2026-06-01T12:00:00Z')});
  const verify = credential => vc.verifyCredential({
    credential: JSON.parse(credential), suite: checking, documentLoader,
    now: new Date('2026-06-01T12:00:00Z'), checkStatus: async () => ({verified: true})});
  results.signed[name] = [];
  for(const document of documents.slice(0, 100)) {
    results.signed[name].push(await issue(document));
  }
  for(const text of ours) {
    const answer = await verify(text);
    if(!answer.verified) { results.failures.push({name, error: String(answer.error?.errors ?? answer.error)}); }
  }
  results.canonical[name] = [];
  for(const document of documents.slice(0, 100)) {
    results.canonical[name].push(await jsonld.canonize(document, {
      algorithm: 'RDFC-1.0', format: 'application/n-quads', documentLoader, safe: true, base: null}));
  }
  results.rates[name] = {
    issue: await rate(documents, issue),
    verify: await rate(ours, verify),
  };
  for(const [algorithm, jwk] of Object.entries(jwks)) {
    const secret = await jose.importJWK(jwk, algorithm);
    const {d, ...open} = jwk;
    const opened = await jose.importJWK(open, algorithm);
    const sign = async document => new jose.SignJWT(document)
      .setProtectedHeader({alg: algorithm, typ: 'JWT', kid: key.id}).sign(secret);
    const tokens = [];
    for(const document of documents.slice(0, 100)) { tokens.push(await sign(document)); }
    results.rates[name][`${algorithm} sign`] = await rate(documents, sign);
    results.rates[name][`${algorithm} verify`] = await rate(tokens, async token =>
      jose.jwtVerify(token, opened));
  }
}
writeFileSync(output, JSON.stringify(results));
