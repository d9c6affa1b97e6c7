using SkiaSharp;

namespace Alize.Workflows.Documents;

/// <summary>Images somebody uploads for documents.</summary>
public static class DocumentImages
{
    private const int LargestSide = 4000;

    /// <summary>A PNG or JPEG that can be drawn, of a size that does no harm when it is unpacked.</summary>
    public static bool IsUsable(byte[] bytes)
    {
        using var data = SKData.CreateCopy(bytes);
        using var codec = SKCodec.Create(data);
        if (codec is null || codec.EncodedFormat is not (SKEncodedImageFormat.Png or SKEncodedImageFormat.Jpeg)) return false;
        if (codec.Info.Width is < 1 or > LargestSide || codec.Info.Height is < 1 or > LargestSide) return false;
        using var image = SKImage.FromEncodedData(data);
        return image is not null;
    }
}
