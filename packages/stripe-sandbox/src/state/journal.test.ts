import { expect, test } from 'vitest'
import { Journal, type Change } from './journal.ts'
import { Table } from './table.ts'

interface Row {
  readonly id: string
  readonly group: string
  readonly n: number
}

function world() {
  const journal = new Journal()
  const commits: Change[][] = []
  journal.onCommit((changes) => commits.push(changes))
  return { journal, commits, table: new Table<Row, 'group'>('rows', journal, { group: (row) => row.group }) }
}

test('a transaction that throws restores rows and indexes and calls no listener', () => {
  const { journal, commits, table } = world()
  table.insert({ id: 'a', group: 'x', n: 1 })
  commits.length = 0
  expect(() =>
    journal.transaction(() => {
      table.patch('a', { group: 'y' })
      table.insert({ id: 'b', group: 'y', n: 2 })
      table.remove('a')
      throw new Error('no')
    }),
  ).toThrow('no')
  expect(table.all()).toEqual([{ id: 'a', group: 'x', n: 1 }])
  expect(table.by('group', 'x')).toHaveLength(1)
  expect(table.by('group', 'y')).toEqual([])
  expect(commits).toEqual([])
})

test('a nested transaction that throws undoes only its own changes', () => {
  const { journal, commits, table } = world()
  journal.transaction(() => {
    table.insert({ id: 'a', group: 'x', n: 1 })
    expect(() =>
      journal.transaction(() => {
        table.patch('a', { n: 2 })
        throw new Error('no')
      }),
    ).toThrow('no')
    table.patch('a', { n: 3 })
  })
  expect(commits).toEqual([[{ table: 'rows', id: 'a', row: { id: 'a', group: 'x', n: 3 } }]])
})

test('a commit lists each changed row once, in its final state', () => {
  const { journal, commits, table } = world()
  journal.transaction(() => {
    table.insert({ id: 'a', group: 'x', n: 1 })
    table.insert({ id: 'b', group: 'x', n: 1 })
    table.patch('a', { n: 2 })
    table.remove('b')
  })
  expect(commits).toEqual([
    [
      { table: 'rows', id: 'a', row: { id: 'a', group: 'x', n: 2 } },
      { table: 'rows', id: 'b', row: null },
    ],
  ])
})

test('a rehearsal returns its result and undoes its changes', () => {
  const { journal, commits, table } = world()
  expect(
    journal.rehearse(() => {
      table.insert({ id: 'a', group: 'x', n: 1 })
      return table.size
    }),
  ).toBe(1)
  expect(table.size).toBe(0)
  expect(commits).toEqual([])
})

test('a patch replaces the row, so a reference to the old row keeps its values', () => {
  const { table } = world()
  const before = table.insert({ id: 'a', group: 'x', n: 1 })
  table.patch('a', { n: 2 })
  expect(before.n).toBe(1)
})
