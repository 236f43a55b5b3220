/** An error response. Paymob's errors have no common shape, so each carries its body. */
export class PaymobError extends Error {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>

  constructor(status: number, body: Readonly<Record<string, unknown>>) {
    super(JSON.stringify(body))
    this.status = status
    this.body = body
  }
}

/** 401, in the words of the documentation. */
export function badCredentials(): PaymobError {
  return new PaymobError(401, { detail: 'incorrect credentials' })
}

/** 400 about one field. */
export function badField(field: string, message: string): PaymobError {
  return new PaymobError(400, { [field]: [message] })
}

export function badRequest(message: string): PaymobError {
  return new PaymobError(400, { message })
}

export function notFound(message: string): PaymobError {
  return new PaymobError(404, { message })
}
