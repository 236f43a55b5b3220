import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Agenda } from './agenda.ts'

test('an agenda returns the soonest appointment; at the same time the lowest order, then the one added first', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ at: fc.integer({ min: 0, max: 20 }), order: fc.integer({ min: 0, max: 3 }) }), {
        maxLength: 60,
      }),
      (given) => {
        const agenda = new Agenda()
        for (const [index, { at, order }] of given.entries()) agenda.add({ at, order, table: 't', id: String(index) })
        const taken = given.map(() => agenda.take())
        const expected = given
          .map((each, index) => ({ ...each, id: String(index) }))
          .toSorted((one, other) => one.at - other.at || one.order - other.order || Number(one.id) - Number(other.id))
        expect(taken.map((each) => each?.id)).toEqual(expected.map((each) => each.id))
        expect(agenda.take()).toBeUndefined()
      },
    ),
    { seed: 20261123, numRuns: 300 },
  )
})

test('an agenda stays in order when appointments are added between takes', () => {
  const agenda = new Agenda()
  agenda.add({ at: 5, order: 0, table: 't', id: 'five' })
  agenda.add({ at: 1, order: 0, table: 't', id: 'one' })
  expect(agenda.take()?.id).toBe('one')
  agenda.add({ at: 3, order: 0, table: 't', id: 'three' })
  expect([agenda.take()?.id, agenda.take()?.id, agenda.peek()]).toEqual(['three', 'five', undefined])
})
