// @vitest-environment node
import { EventEmitter as NodeEmitter } from 'node:events'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { compileFunction } from 'node:vm'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { slimGrammar } from '../../config/tooling/slim-jssip.ts'
import { EventEmitter } from '../../src/console/softphone/event-emitter.ts'

interface Grammar {
  parse(text: string, rule: string): unknown
}

const require = createRequire(import.meta.url)
const FILE = require.resolve('jssip/lib/Grammar.js')
const whole = require(FILE) as Grammar

function slim(): Grammar {
  const module: { exports: unknown } = { exports: {} }
  const inItsPlace = createRequire(FILE)
  // What the build makes of the file, run as the file would be.
  const run = compileFunction(slimGrammar(readFileSync(FILE, 'utf8')), ['module', 'require']) as (
    module: object,
    require: NodeJS.Require,
  ) => void
  run(module, inItsPlace)
  return module.exports as Grammar
}

/** What comes from an Asterisk and what a phone of ours makes, by the rule that reads it. */
const SIP: readonly (readonly [rule: string, text: string])[] = [
  ['Request_Response', 'INVITE sip:op-3@127.0.0.1:5060;transport=ws SIP/2.0'],
  ['Request_Response', 'OPTIONS sip:a1b2c3@df7jal23ls0d.invalid;transport=ws SIP/2.0'],
  ['Request_Response', 'SIP/2.0 180 Ringing'],
  ['Request_Response', 'SIP/2.0 603 Không nhận'],
  ['Request_Response', 'NOTIFY sips:op@[2001:db8::7]:5061 SIP/2.0'],
  ['Status_Line', 'SIP/2.0 202 Accepted'],
  ['Via', 'SIP/2.0/WS 127.0.0.1:8088;rport;branch=z9hG4bKPj1-x;alias;received=10.0.0.7'],
  ['Via', 'SIP / 2.0 / WSS [::ffff:10.0.0.1]:443 ; branch = z9hG4bK77 ; ttl=16 ; maddr=224.2.0.1'],
  ['From', '"Nguyễn Văn \\"A\\"" <sip:+84950000001@pbx.invalid;user=phone>;tag=as58f4201b'],
  ['From', '<sip:0950001001@127.0.0.1>;tag=1'],
  ['To', 'sip:op-3@pbx.invalid;tag=99'],
  ['To', '<sip:%C3%A1@pbx.invalid:5060?subject=x>'],
  [
    'Contact',
    '<sip:op-3@abc.invalid;transport=ws>;+sip.ice;reg-id=1;+sip.instance="<urn:uuid:0c1>";expires=119',
  ],
  ['Contact', '*'],
  ['Contact', 'sip:a@b.invalid;q=0.7, "B" <sip:b@c.invalid>;q=1.0'],
  ['Record_Route', '<sip:10.0.0.1:8088;transport=ws;lr>, <sip:p2.invalid;lr>'],
  ['Call_ID', 'f81d4fae-7dec@10.0.0.1'],
  ['CSeq', '4711 INVITE'],
  ['CSeq', '1 REGISTER'],
  ['Max_Forwards', '70'],
  ['Content_Length', '0'],
  ['Content_Type', 'application/sdp'],
  ['Content_Type', 'multipart/mixed; boundary="x y"'],
  ['Event', 'refer;id=93809824'],
  ['Session_Expires', '1800;refresher=uas'],
  ['Refer_To', '"X" <sip:200@pbx.invalid?Replaces=a%3Bto-tag%3Db>'],
  ['Replaces', '425928@b.invalid;to-tag=7743;from-tag=6472;early-only'],
  [
    'WWW_Authenticate',
    'Digest realm="asterisk",nonce="1700/ab",opaque="5c",algorithm=MD5,qop="auth,auth-int",stale=TRUE',
  ],
  ['Proxy_Authenticate', 'Digest  realm="a b", domain="sip:x.invalid", nonce="0"'],
  ['Name_Addr_Header', '"Bàn 3" <sip:op-3@pbx.invalid>;a=b;c'],
  ['SIP_URI', 'sip:op-3:geheim@pbx.invalid:5060;transport=TCP;ttl=1;lr;method=INVITE?a=b&c=d'],
  ['SIP_URI', 'SIPS:1022@[fe80::1%25]'],
  ['absoluteURI', 'wss://tongdai.invalid:8443/sip?x=1#'],
  ['absoluteURI', 'ws://localhost:8022/sip'],
  ['host', '10.255.0.256'],
  ['host', 'a-b.c1.invalid'],
  ['host', '[2001:db8:0:0:0:0:1.2.3.4]'],
  ['quoted_string', '"op-3"'],
  ['uuid', 'f6e15cd0-17ed-11e4-8c21-0800200c9a66'],
]

/** What it answers, or that it throws, as both do on some nonsense. */
function answer(grammar: Grammar, text: string, rule: string): unknown {
  try {
    return grammar.parse(text, rule)
  } catch (cause) {
    return String(cause)
  }
}

describe('the telephone as it is built', () => {
  it('reads SIP as the whole grammar does, right and damaged', () => {
    const built = slim()
    for (const [rule, text] of SIP)
      expect([text, answer(built, text, rule)]).toEqual([text, answer(whole, text, rule)])
    const anyText = fc.constantFrom(...SIP)
    const damage = fc.tuple(anyText, fc.nat(200), fc.nat(3), fc.string({ maxLength: 3 }))
    fc.assert(
      fc.property(damage, ([[rule, text], from, length, put]) => {
        const at = from % (text.length + 1)
        const damaged = text.slice(0, at) + put + text.slice(at + length)
        expect(answer(built, damaged, rule)).toEqual(answer(whole, damaged, rule))
      }),
      { numRuns: 2_000 },
    )
  })

  it('knows each rule that JsSIP asks for by name', () => {
    const asked = new Set<string>()
    for (const file of [
      'Config',
      'Dialog',
      'NameAddrHeader',
      'Parser',
      'RequestSender',
      'Socket',
      'URI',
      'Utils',
      'WebSocketInterface',
      'RTCSession/ReferSubscriber',
    ]) {
      const source = readFileSync(require.resolve(`jssip/lib/${file}.js`), 'utf8')
      for (const found of source.matchAll(/Grammar\.parse\(.*, '(\w+)'\)/g)) asked.add(found[1] ?? '')
      for (const found of source.matchAll(/parseHeader\('([\w-]+)'\)/g)) asked.add(ruleOf(found[1] ?? ''))
    }
    expect(asked.size).toBeGreaterThan(20)
    const built = slim()
    for (const rule of asked) expect(() => built.parse('', rule), rule).not.toThrow()
  })

  it('is not made of another grammar than the one that was looked at', () => {
    expect(() => slimGrammar('module.exports = {}')).toThrow(/another grammar/)
  })
})

/** As SIPMessage.parseHeader does it. */
function ruleOf(header: string): string {
  const { headerize } = require('jssip/lib/Utils.js') as { headerize: (name: string) => string }
  return headerize(header).replace(/-/g, '_')
}

describe('its emitter', () => {
  it('tells as Node’s own does, whoever comes and goes meanwhile', () => {
    type Emitter = Pick<NodeEmitter, 'emit' | 'listeners'> & {
      on(name: string, listener: (...values: unknown[]) => void): unknown
      removeListener(name: string, listener: (...values: unknown[]) => void): unknown
    }
    const heard = (emitter: Emitter): unknown[] => {
      const said: unknown[] = []
      const twice = (value: unknown) => void said.push(['twice', value])
      const leaves = (value: unknown) => {
        said.push(['leaves', value])
        emitter.removeListener('a', leaves)
        emitter.removeListener('a', twice)
        emitter.on('a', () => void said.push('late'))
      }
      emitter.on('a', twice)
      emitter.on('a', leaves)
      emitter.on('a', twice)
      said.push(emitter.emit('a', 1), emitter.emit('a', 2), emitter.emit('b'))
      emitter.removeListener('c', twice)
      said.push(emitter.listeners('a').length, emitter.listeners('c').length)
      return said
    }
    expect(heard(new EventEmitter() as unknown as Emitter)).toEqual(heard(new NodeEmitter()))
  })
})
