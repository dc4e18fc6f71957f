// The audio thread: the module, a block of 128 samples at a time, and messages that set parameters and play notes.
class NeuroRave extends AudioWorkletProcessor {
  constructor(options) {
    super();
    const stub = () => 0;
    const imports = new Proxy({}, { get: () => new Proxy({}, { get: () => stub }) });
    const instance = new WebAssembly.Instance(options.processorOptions.module, imports);
    this.model = instance.exports;
    if (this.model._initialize) this.model._initialize();
    this.model.web_start(sampleRate);
    const floats = at => new Float32Array(this.model.memory.buffer, at, 128);
    this.heard = floats(this.model.web_heard());
    this.played = floats(this.model.web_played());
    this.port.onmessage = message => this.model['web_' + message.data[0]](...message.data.slice(1));
    for (const message of options.processorOptions.messages || [])
      this.model['web_' + message[0]](...message.slice(1));
    const bytes = new Uint8Array(this.model.memory.buffer), from = this.model.web_description();
    let text = '';
    for (let i = from; bytes[i]; ++i) text += String.fromCharCode(bytes[i]);
    this.port.postMessage({ ...JSON.parse(text), latency: this.model.web_latency() });
  }

  process(inputs, outputs) {
    const channels = inputs[0] || [];
    this.heard.fill(0);
    for (const channel of channels)
      for (let i = 0; i < 128; ++i) this.heard[i] += channel[i] / channels.length;
    this.model.web_process();
    for (const channel of outputs[0]) channel.set(this.played);
    return true;
  }
}
registerProcessor('neurorave', NeuroRave);
