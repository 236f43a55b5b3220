import { createTollgateClient, errorText, isTollgateError } from '@tollgate/client'
import type config from './tollgate.config.ts'

// The configuration has registered the plans.
declare module '@tollgate/client' {
  interface Register {
    config: typeof config
  }
}

const { api } = createTollgateClient({ url: 'http://localhost:3000', cookies: 'browser' })

/** Adds a todo, and says what became of it. */
export async function addTodo(text: string): Promise<string> {
  try {
    const { remaining, by } = await api.app.todos.add.mutate({ text })
    return `Added for ${by ?? 'you'}. ${remaining ?? 'Any number'} left this month.`
  } catch (error) {
    if (isTollgateError(error, 'FEATURE_REQUIRED')) return `Get the plan ${error.data.unlockedBy?.planCode ?? ''}.`
    return errorText(error)
  }
}

/** The todos as text, one per line. */
export async function exportTodos(): Promise<string> {
  const todos = await api.app.todos.export.query()
  return todos.map(({ text, done }) => `${done ? '[x]' : '[ ]'} ${text}`).join('\n')
}

/** Whether the todo is still there. */
export async function finishTodo(id: string): Promise<boolean> {
  try {
    await api.app.todos.finish.mutate({ id })
    return true
  } catch (error) {
    if (isTollgateError(error, 'TODO_NOT_FOUND')) return false
    throw error
  }
}

export async function companyOfCaller(): Promise<string | undefined> {
  const { publicData } = await api.auth.me.query()
  return publicData.company
}
