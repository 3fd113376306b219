import { expect, test } from 'vitest'
import { StartPlanError, planStart, readPort } from '../../src/cli/start-plan.ts'

const SECRETS = { AMI_SECRET: 'a', ARI_SECRET: 'b' }

test('runs a PBX with a simulated network when nothing is configured', () => {
  expect(planStart({})).toEqual({ mode: 'simulated' })
  expect(planStart({ AMI_SECRET: '', TRUNK_HOST: '' })).toEqual({ mode: 'simulated' })
  expect(planStart({ AMI_PORT: '6038', HTTP_PORT: '9000' })).toEqual({ mode: 'simulated' })
})

test('attaches to a PBX whose two secrets are given', () => {
  expect(planStart({ ...SECRETS, AMI_HOST: '192.0.2.1' })).toEqual({ mode: 'attached' })
})

test('runs a PBX on a trunk', () => {
  expect(planStart({ TRUNK_HOST: 'sip.example' })).toEqual({
    mode: 'trunk',
    trunk: { type: 'address', host: 'sip.example' },
  })
  expect(planStart({ TRUNK_HOST: 'sip.example', TRUNK_USER: 'u', TRUNK_SECRET: 's' })).toEqual({
    mode: 'trunk',
    trunk: { type: 'registered', host: 'sip.example', user: 'u', secret: 's' },
  })
})

test.each([
  [{ AMI_HOST: '192.0.2.1' }, /AMI_HOST names a PBX.*AMI_SECRET and ARI_SECRET are not set/],
  [{ ARI_URL: 'http://192.0.2.1', ARI_USER: 'x' }, /ARI_URL, ARI_USER name a PBX/],
  [{ AMI_SECRET: 'a' }, /AMI_SECRET is set but ARI_SECRET is not/],
  [{ ARI_SECRET: 'a' }, /ARI_SECRET is set but AMI_SECRET is not/],
  [{ ...SECRETS, TRUNK_HOST: 'sip.example' }, /AMI_SECRET and TRUNK_HOST/],
  [{ TRUNK_USER: 'u' }, /TRUNK_HOST is not/],
  [{ TRUNK_HOST: 'sip.example', TRUNK_USER: 'u' }, /TRUNK_USER and TRUNK_SECRET both/],
])('refuses %j and names what to change', (environment, message) => {
  expect(() => planStart(environment)).toThrow(StartPlanError)
  expect(() => planStart(environment)).toThrow(message)
})

test('never tells a secret in an error', () => {
  expect(() => planStart({ AMI_SECRET: 'hush-hush' })).toThrow(/^((?!hush).)*$/)
})

test('a port is a port', () => {
  expect(readPort({}, 'HTTP_PORT')).toBeUndefined()
  expect(readPort({ HTTP_PORT: '8023' }, 'HTTP_PORT')).toBe(8023)
  for (const text of ['0', '65536', '80a', '-1', '8022.5']) {
    expect(() => readPort({ HTTP_PORT: text }, 'HTTP_PORT')).toThrow(/HTTP_PORT.*1 to 65535/)
  }
})
