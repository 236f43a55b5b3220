import type { OperationObject } from './openapi-types.ts'

export interface CallDescription {
  method: string
  path: string
  operation: OperationObject
  apiUrl: string
}

/** Writes an operation's example as a shell command. */
export function curlOf({ method, path, operation, apiUrl }: CallDescription): string {
  const { parameters = [], requestBody, security } = operation
  const filled = parameters.reduce(
    (url, { name, in: place, example }) => (place === 'path' ? url.replace(`{${name}}`, String(example)) : url),
    path,
  )
  const query = parameters.filter(({ in: place, example }) => place === 'query' && example !== undefined)
  const search = new URLSearchParams(query.map(({ name, example }) => [name, String(example)]))
  const isCookieSet = operation.responses[200] && 'headers' in operation.responses[200]
  const lines = [
    `curl ${method === 'get' ? '' : `-X ${method.toUpperCase()} `}'${apiUrl}${filled}${search.size > 0 ? `?${search.toString()}` : ''}'`,
    ...(security.some((scheme) => 'accessToken' in scheme) ? ["-H 'Authorization: Bearer ACCESS_TOKEN'"] : []),
    ...(security.some((scheme) => 'serviceKey' in scheme) ? ["-H 'Authorization: Bearer SERVICE_KEY'"] : []),
    ...(security.some((scheme) => 'refreshCookie' in scheme) ? ['-b cookies.txt'] : []),
    ...parameters
      .filter(({ in: place, required }) => place === 'header' && required)
      .map(({ name, example }) => `-H '${name}: ${String(example)}'`),
    ...(isCookieSet ? ['-c cookies.txt'] : []),
    ...(requestBody
      ? [
          "-H 'Content-Type: application/json'",
          `-d '${JSON.stringify(requestBody.content['application/json'].example)}'`,
        ]
      : []),
  ]
  return lines.join(' \\\n  ')
}
