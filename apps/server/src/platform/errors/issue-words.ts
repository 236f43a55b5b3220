import type { z } from 'zod'

/** What values of a type are called. */
const TYPES: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  date: 'a date',
}

/** Says what is wrong with a value, after its name. A schema's own message is kept; zod's are said in plain words. */
export function issueWords(issue: z.core.$ZodIssue): string {
  const { message } = issue
  if (issue.code === 'invalid_key') return issue.issues[0]?.message ?? message
  if (issue.code === 'invalid_type' && message.startsWith('Invalid input: ')) {
    return message.endsWith('received undefined') ? 'is missing' : `must be ${TYPES[issue.expected] ?? issue.expected}`
  }
  if (issue.code === 'invalid_value' && message.startsWith('Invalid ')) {
    return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(String).join(', ')}`
  }
  return message
}
