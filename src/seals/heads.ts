import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { sha256 } from './chain.ts'
import { CHAINS, type Head, type SignedHead } from './contract.ts'

const Hash = Type.String({ pattern: '^[0-9a-f]{64}$' })
const Signed = Type.Object(
  {
    head: Type.Object(
      {
        format: Type.Literal('tongdai-head-1'),
        signedAt: Type.String(),
        chains: Type.Array(
          Type.Object({
            name: Type.Enum(CHAINS),
            seq: Type.Integer({ minimum: 0 }),
            hash: Hash,
            at: Type.Union([Type.String(), Type.Null()]),
            count: Type.Integer({ minimum: 0 }),
          }),
        ),
        previous: Type.Union([Hash, Type.Null()]),
        restoredFrom: Type.Optional(Type.Object({ audit: Type.Integer(), recordings: Type.Integer() })),
      },
      { additionalProperties: false },
    ),
    publicKey: Type.String(),
    signature: Type.String(),
  },
  { additionalProperties: false },
)

/** The signed bytes: compact JSON of `head`, members in the order they stand in the file (`jq -cj .head FILE`). */
export function headBytes(head: Head): string {
  return JSON.stringify(head)
}

/** By which the head after it names it. */
export function headHash(head: Head): string {
  return sha256(headBytes(head))
}

export function signBytes(bytes: string, key: KeyObject): Buffer {
  return sign(null, Buffer.from(bytes), key)
}

export function signHead(head: Head, key: KeyObject): SignedHead {
  return {
    head,
    publicKey: publicPem(key),
    signature: signBytes(headBytes(head), key).toString('base64'),
  }
}

/** Undefined for what is not a signed head. */
export function parseHead(text: string): SignedHead | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return Value.Check(Signed, value) ? value : undefined
  } catch {
    return undefined
  }
}

/** Whether the key in the head signed it. Whose key that is, is another question. */
export function isSignedRight({ head, publicKey, signature }: SignedHead): boolean {
  try {
    const key = createPublicKey(publicKey)
    return (
      key.asymmetricKeyType === 'ed25519' &&
      verify(null, Buffer.from(headBytes(head)), key, Buffer.from(signature, 'base64'))
    )
  } catch {
    return false
  }
}

export function publicPem(key: KeyObject): string {
  const open = key.type === 'private' ? createPublicKey(key) : key
  return open.export({ type: 'spki', format: 'pem' }).toString()
}

/** PEM (PKCS 8) of a new key. */
export function newKeyPem(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
}

/** Throws for what is not an Ed25519 private key. */
export function readKey(pem: string): KeyObject {
  const key = createPrivateKey(pem)
  if (key.asymmetricKeyType !== 'ed25519') throw new Error('not an Ed25519 key')
  return key
}
