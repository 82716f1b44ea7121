/** The generated files are those of the committed model, and a changed model gives code that works. */
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import * as ts from 'typescript';
import { deviations } from '../../../projenrc/service-model/deviations';
import { generate } from '../../../projenrc/service-model/generate';
import { reduced, toJson } from '../../../projenrc/service-model/service-model';

const root = resolve(__dirname, '..', '..', '..');
const MODEL = join(root, 'projenrc', 'service-model', 'service-model.json');
const json = readFileSync(MODEL, 'utf8');

/** Returns a copy of the committed model, to change it. */
const copy = (): { version: string; shapes: { [name: string]: any } } => JSON.parse(json);

/** Returns the committed model with a change. */
function changed(change: (shapes: { [name: string]: any }) => void) {
  const model = copy();
  change(model.shapes);
  return model;
}

describe('the committed files', () => {
  const { files, undocumented } = generate(copy());

  test.each(Object.keys(files))('%s is up to date (npx projen generate)', (path) => {
    expect(readFileSync(join(root, path), 'utf8')).toBe(files[path]);
  });

  test.each(['src/contract/generated', 'lambda/client/generated'])('%s has no other file', (folder) => {
    expect(readdirSync(join(root, folder)).map((name) => `${folder}/${name}`).sort())
      .toEqual(Object.keys(files).filter((path) => path.startsWith(folder)).sort());
  });

  test('everything in the model has a docstring', () => {
    expect(undocumented).toEqual([]);
  });

  test('no line is longer than 120 characters', () => {
    const lines = Object.values(files).flatMap((content) => content.split('\n'));
    expect(lines.filter((line) => line.length > 120)).toEqual([]);
  });
});

test('a model as AWS publishes it is reduced to the format of the committed one', () => {
  const shapes = Object.fromEntries(Object.entries(copy().shapes).reverse().map(([name, shape]) => [
    `com.amazonaws.ivschat#${name}`,
    JSON.parse(JSON.stringify(shape).replace(/"target":"(?!smithy)/g, '"target":"com.amazonaws.ivschat#')),
  ]));
  shapes['com.amazonaws.ivschat#CreateRoom'].traits['smithy.api#documentation'] = '<p>Creates a room.</p>';
  shapes['com.amazonaws.ivschat#RoomName'].traits['smithy.api#documentation'] = '<p>A name.</p>';
  shapes['com.amazonaws.ivschat#String'].traits = { 'smithy.api#documentation': '<p>A text.</p>' };
  expect(toJson(reduced({ shapes }))).toBe(json);
  expect(toJson(reduced(copy()))).toBe(json);
});

describe('a changed model is refused', () => {
  /** The traits that a corrected model would have. Smithy has none for the number of bytes. */
  const corrected: { readonly [fact: string]: object } = {
    pattern: { 'smithy.api#pattern': '^arn:aws:ivschat:[a-z0-9-]+:[0-9]+:[a-z-]+/[a-zA-Z0-9-]+$' },
    sensitive: { 'smithy.api#sensitive': {} },
    idempotent: { 'smithy.api#idempotent': {} },
  };
  const removable = deviations.filter(({ fact }) => corrected[fact]).map(({ of, fact }) => [of, fact] as const);

  test.each(removable)('if the deviation of %s (%s) no longer applies', (of, fact) => {
    const model = changed((shapes) => Object.assign(shapes[of].traits ??= {}, corrected[fact]));
    expect(() => generate(model)).toThrow(`The deviation of ${of} no longer applies: ${fact} is `);
  });

  test('if the shape of a deviation is removed', () => {
    expect(() => generate(changed((shapes) => delete shapes.EventAttributes)))
      .toThrow('The deviation of EventAttributes no longer applies: the model does not have it.');
  });

  test('if all operations list the error that is added to each', () => {
    const model = changed((shapes) => {
      const operations = Object.values(shapes).filter(({ type }) => type === 'operation');
      for (const { errors } of operations) errors.push({ target: 'ThrottlingException' });
    });
    expect(() => generate(model)).toThrow('The deviation of ThrottlingException no longer applies');
  });

  test('if a docstring is about a member that is removed', () => {
    expect(() => generate(changed((shapes) => delete shapes.ListRoomsRequest.members.name)))
      .toThrow('documentation.ts has members that are not in the model: ListRoomsRequest.name.');
  });

  test('if a docstring names a limit that is removed', () => {
    expect(() => generate(changed((shapes) => delete shapes.Reason.traits['smithy.api#length'])))
      .toThrow('The docstring of DeleteMessageRequest.reason names the minimum');
  });

  test('if a trait is not known', () => {
    const model = changed((shapes) => shapes.GetRoom.traits['smithy.api#endpoint'] = { hostPrefix: 'a.' });
    expect(() => reduced(model)).toThrow('GetRoom has the trait smithy.api#endpoint, which the generator does not');
  });

  test.each<[string, (shapes: { [name: string]: any }) => void, string]>([
    ['a type', (shapes) => shapes.RoomName.type = 'boolean', 'RoomName has the type boolean, which the'],
    ['a time in another format', (shapes) => shapes.Time.traits['smithy.api#timestampFormat'] = 'http-date', 'Time: '],
    ['a shape in itself', (shapes) => shapes.MessageReviewHandler.members.next = { target: 'MessageReviewHandler' },
      'The shape MessageReviewHandler contains itself'],
    ['a shape that is not defined', (shapes) => delete shapes.RoomName, 'The model refers to the shape RoomName'],
    ['a body of a GET request', (shapes) => shapes.GetRoom.traits['smithy.api#http'].method = 'GET',
      'GetRoom: the contract does not support a GET request with a body'],
    ['a query parameter that is not a list',
      (shapes) => shapes.ListRoomsRequest.members.name.traits = { 'smithy.api#httpQuery': 'name' },
      'ListRooms: the contract supports one query parameter'],
    ['a path with a greedy label', (shapes) => shapes.TagResource.traits['smithy.api#http'].uri = '/{resourceArn+}',
      'TagResource: the contract supports only one label'],
    ['another page token', (shapes) => shapes.ListRooms.traits['smithy.api#paginated'].inputToken = 'marker',
      'ListRooms: the paginator supports only the members nextToken and maxResults'],
  ])('if it has %s that the contract does not support', (_, change, message) => {
    expect(() => generate(changed(change))).toThrow(message);
  });
});

describe('an operation, a member and an enum value that are added to the model', () => {
  const model = changed((shapes) => {
    shapes.PinMessage = {
      type: 'operation',
      input: { target: 'PinMessageRequest' },
      output: { target: 'PinMessageResponse' },
      errors: [{ target: 'AccessDeniedException' }],
      traits: { 'smithy.api#http': { method: 'POST', uri: '/PinMessage' } },
    };
    shapes.PinMessageRequest = {
      type: 'structure',
      members: {
        roomIdentifier: { target: 'RoomIdentifier', traits: { 'smithy.api#required': {} } },
        id: { target: 'MessageID', traits: { 'smithy.api#required': {} } },
        style: { target: 'PinStyle' },
        minutes: { target: 'PinMinutes' },
      },
    };
    shapes.PinMessageResponse = {
      type: 'structure',
      members: { pinTime: { target: 'Time' }, style: { target: 'PinStyle' } },
    };
    shapes.PinStyle = { // An enum of Smithy 2.
      type: 'enum',
      members: {
        TOP: { target: 'smithy.api#Unit', traits: { 'smithy.api#enumValue': 'TOP' } },
        BOTTOM: { target: 'smithy.api#Unit', traits: { 'smithy.api#enumValue': 'BOTTOM' } },
      },
    };
    shapes.PinMinutes = { type: 'integer', traits: { 'smithy.api#range': { min: 1, max: 60 } } };
    shapes.CreateRoomRequest.members.topic = { target: 'RoomTopic' };
    shapes.RoomTopic = { type: 'string', traits: { 'smithy.api#length': { max: 80 } } };
    shapes.ChatTokenCapability.traits['smithy.api#enum'].push({ value: 'PIN_MESSAGE', name: 'PIN_MESSAGE' });
  });
  const { files, undocumented } = generate(model);
  const contents = new Map(Object.entries(files).map(([path, content]) => [join(root, path), content]));

  /** An application that uses everything that was added. */
  const application = join(root, 'lambda', 'client', 'application.ts');
  contents.set(application, `
    import { CreateRoomCommand, ChatTokenCapability, Ivschat, IvschatClient, PinMessageCommand, PinStyle } from '.';
    import type { PinMessageRequest } from '.';
    export async function run(endpoint: string, credentials: { accessKeyId: string; secretAccessKey: string }) {
      const client = new IvschatClient({ region: 'us-west-2', credentials, endpoint, maxAttempts: 1 });
      const roomIdentifier = 'arn:aws:ivschat:us-west-2:123456789012:room/AbCdEf012345';
      const input: PinMessageRequest = { roomIdentifier, id: 'AbCdEf012345', style: PinStyle.TOP, minutes: 5 };
      const output = await client.send(new PinMessageCommand(input));
      const year: number | undefined = output.pinTime?.getUTCFullYear();
      const capability: ChatTokenCapability = ChatTokenCapability.PIN_MESSAGE;
      const method = await new Ivschat({ region: 'us-west-2', credentials, endpoint }).pinMessage(input);
      const messageOf = (call: Promise<unknown>) => call.catch((error) => error.message);
      const refused = await messageOf(client.send(new PinMessageCommand({ ...input, minutes: 61 })));
      const long = await messageOf(client.send(new CreateRoomCommand({ topic: 'x'.repeat(81) })));
      return { year, style: output.style, capability, method: method.style, refused, long };
    }`);

  test('have names without a docstring, which are listed', () => {
    expect(undocumented).toEqual([
      'operations: PinMessage', 'members: CreateRoomRequest.topic', 'members: PinMessageRequest.style',
      'members: PinMessageRequest.minutes', 'members: PinMessageResponse.pinTime', 'members: PinMessageResponse.style',
    ]);
    expect(files['lambda/client/generated/models.ts']).toContain('  /** 1 to 60. */\n  minutes?: number | undefined;');
  });

  test('compile', () => {
    const { config } = ts.readConfigFile(join(root, 'lambda', 'tsconfig.json'), ts.sys.readFile);
    const onlyClient = { ...config, include: [], files: ['client/index.ts'] };
    const { options } = ts.parseJsonConfigFileContent(onlyClient, ts.sys, join(root, 'lambda'));
    const host = ts.createCompilerHost(options);
    const { fileExists, readFile } = host;
    host.fileExists = (name) => contents.has(name) || fileExists(name);
    host.readFile = (name) => contents.get(name) ?? readFile(name);
    host.getSourceFile = (name, version) => ts.createSourceFile(name, host.readFile(name) ?? '', version);
    const program = ts.createProgram([application], options, host);
    const commands = join(root, 'lambda', 'client', 'generated', 'commands.ts');
    expect(program.getSourceFile(commands)!.text).toContain('PinMessageCommand');
    expect(ts.getPreEmitDiagnostics(program).map(({ file, messageText }) =>
      `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`)).toEqual([]);
  });

  test('can be called', async () => {
    const { outputFiles } = await build({
      entryPoints: [application],
      bundle: true,
      write: false,
      platform: 'node',
      format: 'cjs',
      external: ['@smithy/core/event-streams'],
      plugins: [{
        name: 'generated',
        setup: ({ onLoad, onResolve }) => {
          onResolve({ filter: /application\.ts$/ }, ({ path }) => ({ path }));
          onLoad({ filter: /\.ts$/ }, ({ path }) => (
            contents.has(path) ? { contents: contents.get(path), loader: 'ts' } : undefined));
        },
      }],
    });
    const requests: unknown[] = [];
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk) => chunks.push(chunk)).on('end', () => {
        requests.push([request.method, request.url, JSON.parse(Buffer.concat(chunks).toString())]);
        response.end('{"pinTime":"2026-01-01T00:00:00Z","style":"TOP"}');
      });
    }).listen(0, '127.0.0.1');
    await new Promise((listening) => server.once('listening', listening));
    try {
      const module = { exports: {} as any };
      // eslint-disable-next-line @typescript-eslint/no-implied-eval
      new Function('module', 'exports', 'require', outputFiles[0]!.text)(module, module.exports, require);
      const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      expect(await module.exports.run(endpoint, { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' })).toEqual({
        year: 2026,
        style: 'TOP',
        capability: 'PIN_MESSAGE',
        method: 'TOP',
        refused: 'PinMessage: minutes must be between 1 and 60, got 61',
        long: 'CreateRoom: topic must be at most 80 characters, got 81',
      });
      const roomIdentifier = 'arn:aws:ivschat:us-west-2:123456789012:room/AbCdEf012345';
      const body = { roomIdentifier, id: 'AbCdEf012345', style: 'TOP', minutes: 5 };
      expect(requests).toEqual(Array(2).fill(['POST', '/PinMessage', body]));
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});
