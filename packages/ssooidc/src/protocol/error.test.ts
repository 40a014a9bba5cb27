import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { defineError, isServiceException, ServiceException, typeOfCode } from './error.ts'
import { errorsOf } from './operation.ts'
import { decodeResponse } from './rest-json/client.ts'
import * as oidcErrors from './sso-oidc/errors.ts'
import { ssoOidc } from './sso-oidc/index.ts'

const { createToken } = ssoOidc.operations
const answered = (status: number, body: object) => ({ status, header: () => undefined, body: JSON.stringify(body) })

function thrownFor(status: number, body: object): ServiceException {
  try {
    decodeResponse(ssoOidc, createToken, answered(status, body))
  } catch (thrown) {
    assert.ok(thrown instanceof ServiceException)
    return thrown
  }
  assert.fail('nothing was thrown')
}

describe('an error that comes without its type', () => {
  for (const { spec } of createToken.errors)
    it(`goes by the name that the contract has for ${spec.error}`, () => {
      const { name, error } = thrownFor(spec.status, { error: spec.error })
      assert.deepEqual({ name, error }, { name: spec.name, error: spec.error })
    })

  it('is told by its status where several have the code', () => {
    assert.equal(typeOfCode('temporarily_unavailable', 429), oidcErrors.TooManyRequestsException.spec.name)
    assert.equal(typeOfCode('temporarily_unavailable', 503), oidcErrors.ServiceUnavailableException.spec.name)
    assert.equal(typeOfCode('constructor', 400), 'ConstructorException')
  })

  it('has a name even where the contract does not know its code', () => {
    assert.equal(thrownFor(400, { error: 'invalid_target' }).name, 'InvalidTargetException')
  })
})

describe('the class of an error', () => {
  it('is told by its name, so that a client needs no class of it', () => {
    const thrown = thrownFor(400, { error: 'slow_down' })
    assert.ok(thrown instanceof oidcErrors.SlowDownException)
    assert.ok(!(thrown instanceof oidcErrors.AccessDeniedException))
    assert.ok(!(new Error('SlowDownException') instanceof oidcErrors.SlowDownException))
  })

  it('is also told by the OAuth code that a service left out of its body', () => {
    const thrown = new ServiceException({ name: 'SlowDownException', status: 400, fault: 'client' }, 'Too often.')
    assert.ok(isServiceException(thrown, 'slow_down') && isServiceException(thrown, 'SlowDownException'))
    assert.ok(!isServiceException(thrown, 'access_denied'))
  })

  it('makes an error with what the contract says about it, unless something else is known', () => {
    const Exception = defineError({ name: 'BusyException', status: 503, fault: 'server' })
    const plain = new Exception('Busy.')
    assert.deepEqual([plain.status, plain.retrySafe, plain.members], [503, false, {}])
    const known = new Exception('Busy.', { status: 502, retrySafe: true, retryAfter: 3, cause: plain })
    assert.deepEqual([known.status, known.retrySafe, known.retryAfter, known.cause], [502, true, 3, plain])
  })
})

it('a service names every member that any of its errors has', () => {
  const all = Object.values(ssoOidc.operations).flatMap((operation) =>
    errorsOf(ssoOidc, operation).flatMap(({ spec }) => Object.keys(spec.members ?? {})),
  )
  assert.deepEqual([...new Set(all)].sort(), [...(ssoOidc.errorMembers ?? [])].sort())
})
