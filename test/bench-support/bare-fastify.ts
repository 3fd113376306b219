import Fastify from 'fastify'

/** The floor of `npm run bench -- start`: Fastify that says hello. Usage: node bare-fastify.ts <port> */
const app = Fastify()
app.get('/healthz', async () => ({ ok: true }))
await app.listen({ port: Number(process.argv[2]), host: '127.0.0.1' })
