import { expect, test } from 'vitest'
import { joinInsertions, joinStatements } from './join-statements.ts'

const INSERTIONS = [
  { name: 'open', statements: ['insert into a values ($1, $2)', 'insert into b values ($2)'], values: ['1', '2'] },
  { name: 'mail', statements: ['insert into c values ($1) returning id'], values: ['3'] },
]

test.each([
  ['with an insert', 'INSERT INTO job SELECT * FROM json_to_recordset($1::text::json)', ' INSERT INTO job'],
  ['with a `with`', ' WITH ins AS (INSERT $1::text::json) SELECT 1', ', ins AS (INSERT'],
])('insertions keep their own values before a queue that adds jobs %s', (_, adding, goesOn) => {
  const joined = joinStatements(INSERTIONS, adding)
  expect(joined).toContain(
    'with inserted_0 as (insert into a values ($1, $2)), inserted_1 as (insert into b values ($2)), ' +
      `inserted_2 as (insert into c values ($3) returning id)${goesOn}`,
  )
  expect(joined).toContain('json_array_elements($4::text::json)')
  expect(joined).not.toContain('$1::text::json')
})

test.each([
  ['takes its jobs in another way', 'insert into job select * from jsonb_to_recordset($1)'],
  ['takes them twice', 'with a as (select $1::text::json) select $1::text::json'],
  ['takes something else as well', 'insert into job select $2 from json_to_recordset($1::text::json)'],
])('a queue that %s is not joined to anything', (_, adding) => {
  expect(joinStatements(INSERTIONS, adding)).toBeNull()
})

test.each([
  ['a literal', "'$1 it''s $2'"],
  ['a quoted name', '"a $1"'],
  ['a comment', "-- don't touch $1\n"],
])('a $1 in %s is text and keeps its number', (_, text) => {
  const later = { name: 'text', statements: [`select ${text}, $1, $12`], values: ['4'] }
  expect(joinInsertions([...INSERTIONS, later])).toContain(`select ${text}, $4, $15)`)
})

test('insertions without jobs return the ids of the last one', () => {
  expect(joinInsertions(INSERTIONS)).toBe(
    'with inserted_0 as (insert into a values ($1, $2)), inserted_1 as (insert into b values ($2)), ' +
      'inserted_2 as (insert into c values ($3) returning id) select id from inserted_2',
  )
})
