export default async function tearDown() {
  await globalThis.replicaSetUnderTest?.stop();
}
