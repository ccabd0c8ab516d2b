//! A picture file of a stranger, read with limits and written anew: what else is in the file (place, time, camera, a program) is gone.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};

/// Dots a picture may have: more than telephones make, less than a machine is choked with.
const DOTS: u64 = 60_000_000;
/// Memory one picture may take while it is read, bytes.
const MEMORY: u64 = 300 * 1024 * 1024;
/// Longer side of what is kept, dots: a box of medicine can still be read.
const SIDE: u32 = 2000;
/// Quality of what is kept, of 100.
const QUALITY: u8 = 82;
/// Longer side and quality on paper, so that a report with all its photos stays under 500 KB.
const PAPER: (u32, u8) = (760, 66);

/// A picture written anew.
#[derive(Debug, Clone)]
pub struct Picture {
    /// JPEG.
    pub jpeg: Vec<u8>,
    /// Width in dots.
    pub width: u32,
    /// Height in dots.
    pub height: u32,
}

/// Why a file is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// Its first bytes are those of no picture that is taken.
    #[error("not a picture")]
    NotAPicture,
    /// It begins as one and does not go on as one.
    #[error("a damaged picture")]
    Damaged,
    /// More dots than are taken.
    #[error("too many dots")]
    TooLarge,
}

/// Reads a picture and writes it anew: upright, at most 2000 dots a side, on white.
///
/// # Errors
/// Why it is not taken.
pub fn rewritten(file: &[u8]) -> Result<Picture, PictureError> {
    let Ok(format @ (ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP)) =
        image::guess_format(file)
    else {
        return Err(PictureError::NotAPicture);
    };
    let mut limits = Limits::default();
    limits.max_alloc = Some(MEMORY);
    let mut decoder = ImageReader::with_format(Cursor::new(file), format)
        .into_decoder()
        .map_err(|_| PictureError::Damaged)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > DOTS {
        return Err(PictureError::TooLarge);
    }
    decoder
        .set_limits(limits)
        .map_err(|_| PictureError::TooLarge)?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let picture = DynamicImage::from_decoder(decoder).map_err(|_| PictureError::Damaged)?;
    // Smaller first: turning sixty million dots would take as much memory again.
    let mut picture = at_most(picture, SIDE);
    picture.apply_orientation(orientation);
    written(&picture, QUALITY)
}

/// A kept picture for paper: smaller.
///
/// # Errors
/// If it is none.
pub fn for_paper(jpeg: &[u8]) -> Result<Picture, PictureError> {
    let picture = image::load_from_memory_with_format(jpeg, ImageFormat::Jpeg)
        .map_err(|_| PictureError::Damaged)?;
    written(&at_most(picture, PAPER.0), PAPER.1)
}

fn at_most(picture: DynamicImage, side: u32) -> DynamicImage {
    if picture.width().max(picture.height()) <= side {
        return picture;
    }
    // Of a picture much too large a quick average first.
    let halved = if picture.width().max(picture.height()) > side * 2 {
        picture.thumbnail(side * 2, side * 2)
    } else {
        picture
    };
    halved.resize(side, side, FilterType::CatmullRom)
}

fn written(picture: &DynamicImage, quality: u8) -> Result<Picture, PictureError> {
    let opaque = on_white(picture);
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, quality)
        .encode_image(&opaque)
        .map_err(|_| PictureError::Damaged)?;
    Ok(Picture {
        jpeg,
        width: opaque.width(),
        height: opaque.height(),
    })
}

/// What can be seen through is white, as on paper.
fn on_white(picture: &DynamicImage) -> image::RgbImage {
    if !picture.color().has_alpha() {
        return picture.to_rgb8();
    }
    let picture = picture.to_rgba8();
    image::RgbImage::from_fn(picture.width(), picture.height(), |x, y| {
        let image::Rgba([red, green, blue, alpha]) = *picture.get_pixel(x, y);
        let over = |part: u8| {
            let mixed = u32::from(part) * u32::from(alpha) + 255 * (255 - u32::from(alpha));
            u8::try_from(mixed / 255).unwrap_or(u8::MAX)
        };
        image::Rgb([over(red), over(green), over(blue)])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let picture = image::RgbaImage::from_fn(width, height, |x, _| {
            image::Rgba([255, 0, 0, if x < width / 2 { 255 } else { 0 }])
        });
        let mut file = Cursor::new(Vec::new());
        picture.write_to(&mut file, ImageFormat::Png).unwrap();
        file.into_inner()
    }

    #[test]
    fn a_large_picture_is_made_smaller_and_glass_is_white() {
        let picture = rewritten(&png(5000, 1000)).unwrap();
        assert_eq!((picture.width, picture.height), (2000, 400));
        let read = image::load_from_memory(&picture.jpeg).unwrap().to_rgb8();
        assert!(read.get_pixel(100, 100).0[1] < 30);
        assert!(read.get_pixel(1900, 100).0[1] > 230);
        let paper = for_paper(&picture.jpeg).unwrap();
        assert_eq!(paper.width, 760);
    }

    #[test]
    fn a_turned_photo_stands_upright_and_what_the_camera_wrote_is_gone() {
        let plain = rewritten(&png(40, 20)).unwrap().jpeg;
        // An Exif segment with orientation 6 (turn right) and words of a camera.
        let mut exif =
            b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0".to_vec();
        exif.extend(b"GPS 31.2304 121.4737");
        let mut turned = plain[..2].to_vec();
        turned.extend([0xff, 0xe1]);
        turned.extend(u16::try_from(exif.len() + 2).unwrap().to_be_bytes());
        turned.extend(&exif);
        turned.extend(&plain[2..]);
        let picture = rewritten(&turned).unwrap();
        assert_eq!((picture.width, picture.height), (20, 40));
        let has = |words: &[u8]| picture.jpeg.windows(words.len()).any(|part| part == words);
        assert!(!has(b"GPS") && !has(b"Exif"));
    }

    #[test]
    fn what_is_no_picture_or_too_much_of_one_is_refused() {
        let refused = |file: &[u8]| rewritten(file).unwrap_err();
        assert_eq!(refused(b""), PictureError::NotAPicture);
        assert_eq!(refused(b"%PDF-1.7 forty pages"), PictureError::NotAPicture);
        assert_eq!(
            refused(b"MZ\x90\0 a renamed program"),
            PictureError::NotAPicture
        );
        assert_eq!(refused(b"GIF89a"), PictureError::NotAPicture);
        let whole = png(300, 300);
        assert_eq!(refused(&whole[..whole.len() / 2]), PictureError::Damaged);
        // A hundred million dots, said in the first bytes and by nothing after them.
        let mut huge = whole;
        huge[16..20].copy_from_slice(&10_000_u32.to_be_bytes());
        huge[20..24].copy_from_slice(&10_000_u32.to_be_bytes());
        let checked = crc(&huge[12..29]);
        huge[29..33].copy_from_slice(&checked.to_be_bytes());
        assert_eq!(refused(&huge), PictureError::TooLarge);
    }

    /// Check sum of a PNG chunk.
    fn crc(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(u32::MAX, |sum, byte| {
            (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
                (sum >> 1) ^ (0xedb8_8320 * (sum & 1))
            })
        })
    }
}
