using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Runtime;
using Daphne.Net.Tests.Language;
using Daphne.Net.Tests.Runtime.Programs;

namespace Daphne.Net.Tests.Runtime.Scripts;

/// <summary>Columns that frames share go back to the pool with their last frame, whether a script ends well or not.</summary>
[Collection(nameof(PoolCounters))]
public sealed class FrameMemoryTests
{
    [Fact]
    public void Every_recorded_script_about_frames_gives_back_what_it_took()
    {
        int run = 0;
        foreach (string path in GoldenScripts.All.Where(p => Path.GetFileName(p).StartsWith("frame-", StringComparison.Ordinal)))
        {
            var script = new SourceText(File.ReadAllText(path), path);
            long live = PoolCounters.LiveBytes();
            try
            {
                var result = ScriptEngine.Run(script, null, new ScriptOptions { Output = TextWriter.Null, Vectorize = run % 2 == 0 });
                foreach (var value in result.Outputs.Values.Where(v => !v.IsScalar)) value.Object.Release();
            }
            catch (ScriptException)
            {
                // Most of them are recorded for their mistake.
            }
            Assert.True(live >= BufferPool.Shared.LiveBytes, $"{path}: {BufferPool.Shared.LiveBytes - live} bytes are left over");
            run++;
        }
        Assert.True(run > 60, $"only {run} scripts");
    }
}
