import type { Brand } from '../platform/brand/brand.ts'
import { curlOf } from './curl.ts'
import { DOCS_SCRIPT_ELEMENT, type PageLook } from './docs-style.ts'
import { html, type Html } from './html.ts'
import type {
  MediaTypeObject,
  OpenApiDocument,
  OperationObject,
  ReferenceObject,
  ResponseObject,
} from './openapi-types.ts'
import { schemaTable } from './schema-table.ts'

interface Listed {
  method: string
  path: string
  operation: OperationObject
}

/** Writes the document as a page for people: one file that works without its script. */
export function docsPage(document: OpenApiDocument, { style, brand }: PageLook): string {
  const { info, servers, tags, paths, components } = document
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): Listed => ({ method, path, operation })),
  )
  const operationsOf = (tag: string) => operations.filter(({ operation }) => operation.tags.includes(tag))

  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${info.title} API</title>
        ${style}
      </head>
      <body class="reference">
        <a class="skip" href="#content">Skip to the operations</a>
        <header class="top">${brandLink(brand, `${info.title} API`)}</header>
        <details class="menu" open>
          <summary>Operations and schemas</summary>
          <nav aria-label="Operations">
            <input type="search" aria-label="Search operations" placeholder="Search ( / )" hidden />
            <p class="none" hidden>Nothing matches.</p>
            ${tags.map(
              ({ name }) =>
                html`<section>
                  <h2>${name}</h2>
                  <ul>
                    ${operationsOf(name).map(
                      ({ method, path, operation }) =>
                        html`<li data-words="${`${method} ${path} ${name} ${operation.summary}`.toLowerCase()}">
                          <a href="#${operation.operationId}">${badge(method)}<span>${path}</span></a>
                        </li>`,
                    )}
                  </ul>
                </section>`,
            )}
            <section>
              <h2>Schemas</h2>
              <ul>
                ${Object.keys(components.schemas).map(
                  (name) =>
                    html`<li data-words="${`schema ${name}`.toLowerCase()}">
                      <a href="#schema-${name}"><span>${name}</span></a>
                    </li>`,
                )}
              </ul>
            </section>
          </nav>
        </details>
        <main id="content">
          <h1>${info.title} API</h1>
          ${prose(info.description)}
          <p>
            Base URL: <code>${servers[0]?.url ?? ''}</code>. For programs:
            <a href="/openapi.json">openapi.json</a> (OpenAPI ${document.openapi}).
          </p>
          ${tags.map(
            ({ name, description }) =>
              html`<section class="tag">
                <h2>${name}</h2>
                <p>${description}</p>
                ${operationsOf(name).map((listed) => section(listed, document))}
              </section>`,
          )}
          <section class="tag">
            <h2>Schemas</h2>
            ${Object.entries(components.schemas).map(
              ([name, schema]) =>
                html`<article id="schema-${name}">
                  <h3>${name}</h3>
                  ${typeof schema['description'] === 'string' ? prose(schema['description']) : ''}
                  ${schemaTable(schema)}
                </article>`,
            )}
          </section>
        </main>
        ${DOCS_SCRIPT_ELEMENT}
      </body>
    </html> `
  return page.html
}

/** The product's logo or name, which leads to the API's root page. */
export function brandLink({ name, logoUrl }: Brand, title = name): Html {
  return html`<a class="brand" href="/"
    >${logoUrl === null ? title : html`<img src="${logoUrl}" alt="${name}" /> API`}</a
  >`
}

function section({ method, path, operation }: Listed, document: OpenApiDocument): Html {
  const { operationId, summary, description, parameters = [], requestBody, responses } = operation
  const body = requestBody?.content['application/json']
  const answers = Object.entries(responses).map(([status, response]) => ({
    status: Number(status),
    ...resolve(response, document),
  }))
  return html`<article id="${operationId}">
    <h3>
      ${badge(method)}<code>${path}</code><a class="anchor" href="#${operationId}" aria-label="Link to ${summary}">#</a>
    </h3>
    <p class="summary">${summary}. <span class="who">${accessOf(operation)}</span></p>
    ${description ? prose(description) : ''}
    <div class="columns">
      <div>
        ${
          parameters.length > 0
            ? html`<h4>Parameters</h4>
                ${schemaTable({ type: 'object', required: parameters.filter(({ required }) => required).map(({ name }) => name), properties: Object.fromEntries(parameters.map(({ name, schema, description: about }) => [name, { ...schema, ...(about ? { description: about } : {}) }])) })}`
            : ''
        }
        ${
          body
            ? html`<h4>Body</h4>
                ${schemaTable(body.schema)}`
            : ''
        }
        <h4>Responses</h4>
        <dl>
          ${answers.map(
            ({ status, content, description: about }) =>
              html`<dt class="${status < 400 ? 'good' : 'bad'}">${status}</dt>
                <dd>${answerOf(status, about, content?.['application/json'])}</dd>`,
          )}
        </dl>
      </div>
      <div>
        <h4>Example</h4>
        <pre
          tabindex="0"
        ><code>${curlOf({ method, path, operation, apiUrl: document.servers[0]?.url ?? '' })}</code></pre>
        ${answers.filter(({ status, content }) => status < 300 && content).map(({ status, content }) => html`<pre tabindex="0" aria-label="Response ${status}"><code>${JSON.stringify(content?.['application/json'].example, null, 2)}</code></pre>`)}
      </div>
    </div>
  </article>`
}

function answerOf(status: number, description: string, media: MediaTypeObject | undefined): Html {
  if (status < 400) return html`${description} ${media ? schemaTable(media.schema) : ''}`
  return html`<ul>
    ${Object.entries(media?.examples ?? {}).map(([reason, { summary }]) => html`<li><code>${reason}</code> ${summary}</li>`)}
  </ul>`
}

function accessOf({ security }: OperationObject): string {
  if (security.some((scheme) => 'accessToken' in scheme)) return 'Requires an access token.'
  if (security.some((scheme) => 'serviceKey' in scheme)) return 'Requires a service key.'
  if (security.some((scheme) => 'refreshCookie' in scheme)) return 'Requires the refresh cookie.'
  return 'Open to everyone.'
}

function resolve(response: ResponseObject | ReferenceObject, { components }: OpenApiDocument): ResponseObject {
  if (!('$ref' in response)) return response
  const named = components.responses[response.$ref.split('/').at(-1) ?? '']
  if (!named) throw new Error(`There is no response ${response.$ref}.`)
  return named
}

const badge = (method: string): Html => html`<b class="method ${method}">${method.toUpperCase()}</b>`

/** Writes Markdown as HTML. The document uses only paragraphs and `code`. */
function prose(markdown: string): Html {
  const paragraphs = markdown.split('\n\n')
  return html`${paragraphs.map((text) => html`<p>${inline(text)}</p>`)}`
}

const inline = (text: string): readonly Html[] =>
  text.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : html`${part}`))
